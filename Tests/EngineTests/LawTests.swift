// The laws of docs/SEMANTICS.md that hold between answers: no oracle is needed to see one broken.

import Base
import Engine
import Query
import TestSupport
import Testing

struct LawTests {
  private static let measures = ModelMeasures.all.joined(separator: ", ")

  /// A random history and an engine that has it.
  private struct Subject {
    let workload: RandomWorkload
    let store: ModelStore
    let engine: Engine
    let folder = TemporaryFolder()

    init(_ random: inout PRNG, _ setup: EngineSetup = EngineSetup.all[0]) throws {
      workload = RandomWorkload(&random)
      store = workload.model
      let files = WorkloadFiles(workload: workload).render(&random)
      engine = try setup.engine(files, in: folder)
    }

    func rows(_ query: String) throws -> [[ModelValue]] {
      guard case .rows(let rows) = try Answer.engine(query, engine) else {
        preconditionFailure("refused: \(query)")
      }
      return rows
    }

    var dimensions: [String] { RandomQuery.dimensions(store) }
  }

  /// `WHERE` that takes one row of `GROUP BY name`.
  private static func condition(_ name: String, _ value: ModelValue, _ random: inout PRNG) -> String
  {
    value == .null ? "\(name) IS NULL" : "\(name) = \(RandomQuery.text(value, name, &random))"
  }

  @Test("a slice is a row: WHERE d = x answers what row x of GROUP BY d does")
  func slicing() throws {
    try forAll(count: Cases.count(1), seed: 2001) { random, seed in
      let subject = try Subject(&random)
      for name in subject.dimensions {
        let query = "SELECT \(name), \(LawTests.measures) FROM events GROUP BY \(name)"
        for row in try subject.rows(query).shuffled(using: &random).prefix(4) {
          let condition = LawTests.condition(name, row[0], &random)
          let slice = try subject.rows("SELECT \(LawTests.measures) FROM events WHERE \(condition)")
          #expect(slice == [Array(row[1...])], "\(seed) \(condition)")
        }
      }
    }
  }

  @Test("a slice keeps its other keys: WHERE d = x GROUP BY e answers the rows of GROUP BY d, e")
  func slicingWithAnotherKey() throws {
    try forAll(count: Cases.count(3), seed: 2101) { random, seed in
      let subject = try Subject(&random)
      for _ in 0..<12 {
        let (name, other) = (random.pick(subject.dimensions), random.pick(subject.dimensions))
        guard name != other else { continue }
        let query =
          "SELECT \(name), \(other), \(LawTests.measures) FROM events GROUP BY \(name), \(other)"
        let rows = try subject.rows(query)
        guard let value = rows.randomElement(using: &random)?[0] else { continue }
        let condition = LawTests.condition(name, value, &random)
        let slice = try subject.rows(
          "SELECT \(other), \(LawTests.measures) FROM events WHERE \(condition) GROUP BY \(other)")
        let expected = rows.filter { $0[0] == value }.map { Array($0[1...]) }
        #expect(slice == expected, "\(seed) \(condition) GROUP BY \(other)")
      }
    }
  }

  @Test("numerators follow every key, denominators the message keys")
  func numeratorsAndDenominators() throws {
    let rates = [
      ("open_rate", "unique_opens", 4), ("ctr", "unique_clicks", 4), ("ctor", "unique_clicks", 3),
      ("conversion_rate", "unique_conversions", 1),
      ("unsubscribe_rate", "unique_unsubscribes", 1),
      ("complaint_rate", "unique_complaints", 1), ("bounce_rate", "bounced", 2),
      ("hard_bounce_rate", "hard_bounced", 2), ("soft_bounce_rate", "soft_bounced", 2),
      ("block_bounce_rate", "block_bounced", 2),
    ]
    let items = rates.map { "\($0.0), \($0.1)" }.joined(separator: ", ")
    try forAll(count: Cases.count(3), seed: 2201) { random, seed in
      let subject = try Subject(&random)
      let ofMessage = subject.dimensions.filter(ModelDimensions.isOfMessage)
      let ofEvent = subject.dimensions.filter { !ModelDimensions.isOfMessage($0) }
      for _ in 0..<5 {
        let (message, event) = (random.pick(ofMessage), random.pick(ofEvent))
        var populations: [ModelValue: [ModelValue]] = [:]
        for row in try subject.rows(
          """
          SELECT \(message), delivered, sent, unique_opens, population FROM events
          GROUP BY \(message)
          """)
        {
          populations[row[0]] = row
        }
        for row in try subject.rows(
          "SELECT \(message), \(event), \(items) FROM events GROUP BY \(message), \(event)")
        {
          for (index, rate) in rates.enumerated() {
            let population = populations[row[0], default: []]
            let divisor = population.count > rate.2 ? population[rate.2].number ?? 0 : 0
            let dividend = row[3 + index * 2].number ?? 0
            let expected = divisor == 0 ? ModelValue.null : .number(dividend / divisor)
            #expect(row[2 + index * 2] == expected, "\(seed) \(rate.0) by \(message), \(event)")
          }
        }
      }
    }
  }

  @Test("counts are plain: what is counted once adds up over the rows of any GROUP BY")
  func additiveCounts() throws {
    let counts = [
      "sent", "delivered", "bounced", "hard_bounced", "soft_bounced", "block_bounced", "opens",
      "clicks", "unsubscribes", "complaints", "conversions", "replies", "revenue",
    ]
    let items = counts.joined(separator: ", ")
    try forAll(count: Cases.count(2), seed: 2301) { random, seed in
      let subject = try Subject(&random)
      let total = try subject.rows("SELECT \(items) FROM events")
      for name in subject.dimensions {
        let rows = try subject.rows("SELECT \(items) FROM events GROUP BY \(name)")
        for (index, count) in counts.enumerated() {
          let values = rows.map { $0[index] }.filter { $0 != .null }
          #expect(total[0][index] == sum(values, of: count), "\(seed) \(count) by \(name)")
        }
      }
    }
  }

  /// What counts or revenues add up to; no revenue at all is NULL.
  private func sum(_ values: [ModelValue], of measure: String) -> ModelValue {
    var count = 0
    var millionths: Int?
    for value in values {
      switch value {
      case .integer(let number): count += number
      case .decimal(let number): millionths = (millionths ?? 0) + number
      default: Issue.record("\(value) cannot be added")
      }
    }
    if let millionths { return .decimal(millionths) }
    return measure == "revenue" ? .null : .integer(count)
  }

  @Test("a ratio over nothing is NULL, a count of nothing is 0")
  func nothing() throws {
    let counts = ModelMeasures.all.filter { !ModelMeasures.isRate($0) && $0 != "revenue" }
    let rates = ModelMeasures.all.filter { ModelMeasures.isRate($0) && $0 != "population" }
    let folder = TemporaryFolder()
    let engine = try EngineSetup.all[0].open(in: folder)
    for condition in ["", " WHERE campaign = 'none'", " WHERE FALSE"] {
      let query =
        "SELECT \((counts + ["population"]).joined(separator: ", ")) FROM events\(condition)"
      let zeros = [ModelValue](repeating: .integer(0), count: counts.count + 1)
      #expect(try Answer.engine(query, engine) == .rows([zeros]), "\(query)")
      let ratios = "SELECT \((rates + ["revenue"]).joined(separator: ", ")) FROM events\(condition)"
      let nulls = [ModelValue](repeating: .null, count: rates.count + 1)
      #expect(try Answer.engine(ratios, engine) == .rows([nulls]), "\(ratios)")
      let groups = "SELECT campaign, opens FROM events\(condition) GROUP BY campaign"
      #expect(try Answer.engine(groups, engine) == .rows([]), "\(groups)")
    }
  }

  @Test("an open without a send has a rate that is NULL")
  func openWithoutSend() throws {
    let folder = TemporaryFolder()
    let line = #"{"time":1772400000,"kind":"opened","campaign":"c","recipient":"r"}"#
    let engine = try EngineSetup.all[0].engine(
      [RenderedFile(name: "a.ndjson", bytes: Array(line.utf8))], in: folder)
    let query = "SELECT unique_opens, population, open_rate, ctor, bounce_rate FROM events"
    let expected: [ModelValue] = [.integer(1), .integer(0), .null, .number(0), .null]
    #expect(try Answer.engine(query, engine) == .rows([expected]))
  }

  @Test(
    "a condition that mixes messages and events refuses rates, with its place, and counts",
    arguments: [
      "campaign = 'a' OR kind = 'opened'", "NOT (domain = 'x' AND hour_of_day < 3)",
      "link IS NULL OR (tracked AND variant IN ('A', 'B'))",
    ])
  func mixedCondition(condition: String) throws {
    try forAll(count: Cases.count(1), seed: 2401) { random, seed in
      let subject = try Subject(&random)
      for measure in ModelMeasures.all {
        let query = "SELECT \(measure) FROM events WHERE sent_hour IS NULL AND (\(condition))"
        let answer = try Answer.engine(query, subject.engine)
        #expect((answer == .refusedRate) == ModelMeasures.isRate(measure), "\(seed) \(query)")
      }
    }
  }
}
