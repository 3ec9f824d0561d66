// The query families, each thread count on its own, over everything loaded.

internal import CAllocations
internal import Engine
internal import Workload

extension Suite {
  static let query = Suite(name: "query") { fixture in
    let plain = try fixture.plainAnswers()
    try QuerySuite.checkTruth(plain, fixture)
    let questions = Questions(plain).all
    return try fixture.options.threadCounts.flatMap { count in
      let engine = try fixture.engine(threadCount: count)
      return questions.map { QuerySuite.benchmark($0, engine, count, plain.eventCount) }
    }
  }
}

enum QuerySuite {
  static func benchmark(
    _ question: Question, _ engine: Engine, _ threadCount: Int, _ eventCount: Int
  ) -> Benchmark {
    Benchmark(
      "query/\(question.name)/\(threadCount)", work: Work(eventCount, "events")
    ) { recorder in
      let before = beacon_allocation_count()
      let table = try recorder.time { try engine.query(question.text) }
      if threadCount == 1 {
        recorder.note("allocations", Double(beacon_allocation_count() - before))
      }
      try question.check(table)
    }
  }

  /// Holds the plain loops themselves against what the generator says it wrote.
  static func checkTruth(_ plain: PlainAnswers, _ fixture: Fixture) throws {
    let truth = try fixture.logSet().truth
    var expected: [String: [Int]] = [:]
    for campaign in truth.campaigns where campaign.sent + campaign.delivered > 0 {
      expected[campaign.id] = [
        campaign.sent, campaign.delivered, campaign.bounced, campaign.uniqueOpens,
        campaign.uniqueClicks,
      ]
    }
    var found: [String: [Int]] = [:]
    for (code, it) in plain.campaigns where it.sent + it.delivered > 0 {
      found[plain.names.campaign(code)] = [
        it.sent, it.delivered, it.bounced, it.uniqueOpens, it.uniqueClicks,
      ]
    }
    try BenchFailure.unless(found, is: expected, "campaigns")
    let totals = plain.campaigns.values.reduce(into: [0, 0]) {
      $0[0] += $1.opens
      $0[1] += $1.clicks
    }
    try BenchFailure.unless(totals, is: [truth.human.opens, truth.human.clicks], "opens, clicks")
    try BenchFailure.unless(plain.messageCount, is: truth.messages, "messages")
  }
}
