// EXPLAIN NUMBERS: each rate of a query with its numerator, its denominator, and what was left out of either, and why.

internal import Base
internal import Columnar

struct NumbersExplanation {
  /// A rate that stands among the SELECT items.
  private struct Rate {
    var measure: Measure
    /// The formula's column in the frame.
    var column: Int
  }

  private let plan: Plan
  private let measures: MeasurePlan
  private let rates: [Rate]

  /// - Throws: when no rate is asked for.
  init(_ plan: Plan, _ query: Select) throws(QueryError) {
    guard let measures = plan.measures else { throw NumbersExplanation.refusal(query) }
    guard plan.rows == nil else {
      throw QueryError(
        "EXPLAIN NUMBERS explains measures", at: query.place, hint: "leave out plain aggregates")
    }
    self.plan = plan
    self.measures = measures
    var rates: [Rate] = []
    // There is no `*` beside measures, so every item was written down.
    for (item, written) in zip(plan.items, query.items) {
      guard case .column(.frame(let column)) = item.term.node, column >= measures.keys.count,
        column - measures.keys.count < measures.formulas.count,
        case .ratio = measures.formulas[column - measures.keys.count],
        case .expression(.column(let name), _) = written, let measure = Measure(rawValue: name.text)
      else { continue }
      rates.append(Rate(measure: measure, column: column))
    }
    if rates.isEmpty { throw NumbersExplanation.refusal(query) }
    self.rates = rates
  }

  private static func refusal(_ query: Select) -> QueryError {
    QueryError(
      "EXPLAIN NUMBERS takes a query with rates", at: query.place, hint: "such as open_rate or ctr")
  }

  // MARK: Counting

  /// The passes: what counts under the query's audience, whatever the audience, and HEAD requests alone.
  enum Pass: CaseIterable {
    case own
    case everybody
    case head
  }

  /// The populations every rate is explained with, behind the query's own formulas.
  private static let populations: [Formula] = [
    .population(.deliveredUntracked), .population(.undelivered),
  ]

  func plan(_ pass: Pass) -> MeasurePlan {
    var result = measures
    switch pass {
    case .own:
      result.formulas +=
        rates.flatMap { [.count(numerator($0)), .population(denominator($0))] }
        + NumbersExplanation.populations + eventCounts
    case .everybody:
      result.settings.audience = .all
      result.formulas = eventCounts
    case .head:
      result.settings.audience = .machine
      result.conditions.append(
        .test(.machineClass, .compare(.equal, .text(Array("head".utf8)))))
      result.formulas = eventCounts
    }
    return result
  }

  private func numerator(_ rate: Rate) -> Quantity {
    measures.formulas[rate.column - measures.keys.count].numerators[0]
  }

  private func denominator(_ rate: Rate) -> Quantity {
    measures.formulas[rate.column - measures.keys.count].denominator ?? .sent
  }

  private var eventCounts: [Formula] {
    [Quantity.opens, .clicks, .unsubscribes, .complaints, .conversions].map { .count($0) }
  }

  /// Which events a rate's numerator is made of, as positions in `eventCounts`.
  private func events(_ rate: Rate) -> [Int] {
    switch numerator(rate) {
    case .uniqueOpens: plan.settings.impliedOpens ? [0, 1] : [0]
    case .uniqueClicks: [1]
    case .uniqueUnsubscribes: [2]
    case .uniqueComplaints: [3]
    case .uniqueConversions: [4]
    default: []
    }
  }

  // MARK: Table

  /// One row per group and rate.
  func table(_ frames: [Pass: Frame], _ context: QueryContext) -> ResultTable {
    guard let own = frames[.own] else { return ResultTable(columns: []) }
    let keyCount = measures.keys.count
    let matches = frames.mapValues { own.matches(in: $0, keyCount: keyCount) }
    let groups = Finish(plan, context, own).rows
    var columns = (0..<keyCount).map { key in
      ResultColumn(
        name: plan.keyNames[key], type: own.columns[key].resultType, zone: plan.settings.timeZone)
    }
    columns.append(ResultColumn(name: "measure", type: .text))
    columns.append(ResultColumn(name: "value", type: .rate))
    columns += NumbersExplanation.countNames.map { ResultColumn(name: $0, type: .integer) }
    for group in groups {
      for (index, rate) in rates.enumerated() {
        for key in 0..<keyCount { columns[key].append(own.columns[key], group) }
        columns[keyCount].append(rate.measure.rawValue)
        columns[keyCount + 1].append(own.columns[rate.column], group)
        let counts = counts(rate, index, frames, matches.mapValues { $0[group] })
        for (place, count) in counts.enumerated() {
          if let count {
            columns[keyCount + 2 + place].append(count)
          } else {
            columns[keyCount + 2 + place].appendNull()
          }
        }
      }
    }
    return ResultTable(columns: columns)
  }

  private static let countNames = [
    "numerator", "denominator", "events", "repeats", "machine", "head", "human", "untracked",
    "not_delivered",
  ]

  private func counts(
    _ rate: Rate, _ index: Int, _ frames: [Pass: Frame], _ groups: [Pass: Int?]
  ) -> [Int64?] {
    let base = measures.keys.count + measures.formulas.count
    let number = { (column: Int) -> Int64 in
      NumbersExplanation.number(frames[.own], groups[.own] ?? nil, column)
    }
    let populations = base + rates.count * 2
    let (numerator, denominator) = (number(base + index * 2), number(base + index * 2 + 1))
    let events = events(rate)
    let own = events.reduce(0) { $0 + number(populations + 2 + $1) }
    let out = leftOut(events, frames, groups, own)
    let isOfDelivered =
      self.denominator(rate) == .deliveredTracked || self.denominator(rate) == .delivered
    let untracked = self.denominator(rate) == .deliveredTracked ? number(populations) : nil
    return [
      numerator, denominator, events.isEmpty ? nil : own, events.isEmpty ? nil : own - numerator,
      out.machine, out.head, out.human, untracked,
      isOfDelivered ? number(populations + 1) : nil,
    ]
  }

  private static func number(_ frame: Frame?, _ group: Int?, _ column: Int) -> Int64 {
    guard let frame, let group else { return 0 }
    return Cell.integer(frame.columns[column].words[group])
  }

  /// Opens and clicks that the audience leaves out.
  private func leftOut(
    _ events: [Int], _ frames: [Pass: Frame], _ groups: [Pass: Int?], _ own: Int64
  ) -> (machine: Int64?, head: Int64?, human: Int64?) {
    guard events.contains(where: { $0 < 2 }) else { return (nil, nil, nil) }
    let sum = { (pass: Pass) -> Int64 in
      events.reduce(0) {
        $0
          + NumbersExplanation.number(
            frames[pass], groups[pass] ?? nil, measures.keys.count + $1)
      }
    }
    let (everybody, head) = (sum(.everybody), sum(.head))
    switch plan.settings.audience {
    case .human: return (everybody - own - head, head, 0)
    case .machine: return (0, 0, everybody - own)
    case .all: return (0, 0, 0)
    }
  }
}
