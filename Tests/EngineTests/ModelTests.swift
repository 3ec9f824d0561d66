// Random histories, random queries: engine and model must agree on every cell.

import Base
import TestSupport
import Testing

struct ModelTests {
  /// Histories per configuration.
  static let caseCount = Cases.count(3)

  private static let queryCount = 12

  @Test("engine equals naive store", arguments: EngineSetup.all)
  func engineEqualsNaiveStore(setup: EngineSetup) throws {
    try forAll(count: ModelTests.caseCount) { random, seed in
      let workload = RandomWorkload(&random)
      try check(workload, setup, &random, seed)
    }
  }

  @Test("engine equals naive store when everybody lives in one shard")
  func oneShard() throws {
    try forAll(count: ModelTests.caseCount, seed: 1001) { random, seed in
      let workload = RandomWorkload(&random, isOneShard: true)
      try check(workload, EngineSetup(name: "one shard", segmentRowCountMax: 4), &random, seed)
    }
  }

  private func check(
    _ workload: RandomWorkload, _ setup: EngineSetup, _ random: inout PRNG, _ seed: String
  ) throws {
    let folder = TemporaryFolder()
    let files = WorkloadFiles(workload: workload).render(&random)
    let engine = try setup.engine(files, in: folder)
    let store = workload.model
    let database = ModelDatabase(store)
    let queries = RandomQuery(workload, store)
    for _ in 0..<ModelTests.queryCount {
      try expectSameAnswer(queries.make(&random), engine, database, "\(seed) \(setup.name)")
    }
  }
}
