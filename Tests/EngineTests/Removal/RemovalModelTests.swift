// What is left after retention and forgetting answers as the naive model over the events that are left.

import Base
import Engine
import Ingest
import TestSupport
import Testing

@Suite("What is removed, against the model")
struct RemovalModelTests {
  private static let setups = EngineSetup.all.filter { !$0.reopens }

  @Test("any removals between files and streams leave what the model has left", arguments: setups)
  func removals(setup: EngineSetup) throws {
    try forAll(count: Cases.count(3), seed: 6001) { random, seed in
      let workload = RandomWorkload(&random, isOneShard: random.isHit(0.3))
      try check(workload, setup, &random, "\(seed) \(setup.name)")
    }
  }

  private func check(
    _ workload: RandomWorkload, _ setup: EngineSetup, _ random: inout PRNG, _ place: String
  ) throws {
    let folder = TemporaryFolder()
    let engine = try setup.open(in: folder)
    let (first, second) = workload.halves(&random)
    var store = first.model
    let files = WorkloadFiles(workload: first).render(&random)
    if random.isHit(0.5) {
      try EngineSetup.load(files, into: engine, in: folder)
    } else {
      try RemovalModelTests.stream(files, into: engine, &random)
    }
    // Whether something was derived before decides how the next snapshot is made.
    if random.isHit(0.7) { _ = engine.snapshot }
    try remove(workload, engine, &store, &random, place)
    // The same events may come again, which a file's content could not.
    try RemovalModelTests.stream(
      WorkloadFiles(workload: second).render(&random), into: engine, &random)
    second.add(to: &store)
    if random.isHit(0.5) { try remove(workload, engine, &store, &random, place) }
    try compare(engine, folder, store, workload, &random, place)
  }

  private func remove(
    _ workload: RandomWorkload, _ engine: Engine, _ store: inout ModelStore,
    _ random: inout PRNG, _ place: String
  ) throws {
    for _ in 0...random.below(3) {
      let removal = RandomRemoval(workload, &random)
      let expected = removal.apply(to: &store)
      #expect(try removal.apply(to: engine) == expected, "\(place) \(removal)")
      #expect(try removal.apply(to: engine).isNothing, "\(place) \(removal) again")
    }
  }

  private func compare(
    _ engine: Engine, _ folder: TemporaryFolder, _ store: ModelStore, _ workload: RandomWorkload,
    _ random: inout PRNG, _ place: String
  ) throws {
    let database = ModelDatabase(store)
    let queries = RandomQuery(workload, store)
    let reader = try Engine.open(folder.path + "/data")
    for _ in 0..<6 {
      let query = queries.make(&random)
      try expectSameAnswer(query, engine, database, "\(place) live")
      try expectSameAnswer(query, reader, database, "\(place) reopened")
    }
    for table in ["messages", "recipients", "campaigns", "links"] {
      try expectSameAnswer("SELECT * FROM \(table)", engine, database, place)
      try expectSameAnswer("SELECT * FROM \(table)", reader, database, place)
    }
    #expect(engine.verify() == [], "\(place)")
    #expect(reader.verify() == [], "\(place)")
  }

  private static func stream(
    _ files: [RenderedFile], into engine: Engine, _ random: inout PRNG
  ) throws {
    for file in files {
      let kind = try #require(
        file.bytes.withUnsafeBufferPointer {
          FileKind.detect(name: file.name, head: ByteSlice($0))
        })
      let stream = try engine.stream(kind)
      try stream.append(file.bytes)
      if random.isHit(0.5) { engine.publish() }
      _ = try stream.finish()
    }
  }
}
