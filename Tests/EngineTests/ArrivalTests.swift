// Order does not matter and repeats do not matter: the same events in any order, split anyhow, fed again under any name
// and compression, give the same bytes.

import Base
import CZlib
import Engine
import Ingest
import Query
import TestSupport
import Testing

struct ArrivalTests {
  /// The answers to many queries as the bytes that people see.
  private static func texts(_ queries: [String], _ engine: Engine) -> [String] {
    queries.map { query in
      var bytes: [UInt8] = []
      do throws(QueryError) {
        ResultWriter(.tsv).write(try engine.query(query), into: &bytes)
      } catch {
        return error.rendered(in: query)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Records the queries whose answers differ, and the first line that does.
  private static func expectSame(
    _ actual: [String], _ expected: [String], _ queries: [String], _ context: String
  ) {
    for (index, query) in queries.enumerated() where actual[index] != expected[index] {
      let sides = [actual[index], expected[index]].map { $0.split(separator: "\n") }
      let line = zip(sides[0], sides[1]).first { $0 != $1 }
      Issue.record("\(context): \(query)\n\(line?.0 ?? "fewer")\n\(line?.1 ?? "lines")")
    }
  }

  /// Queries that show everything, and random ones.
  private static func queries(_ workload: RandomWorkload, _ random: inout PRNG) -> [String] {
    let store = workload.model
    let measures = ModelMeasures.all.joined(separator: ", ")
    let source = RandomQuery(workload, store)
    return RandomQuery.dimensions(store).map {
      "SELECT \($0), \(measures) FROM events GROUP BY \($0)"
    } + (0..<8).map { _ in source.make(&random) }
  }

  @Test("order does not matter", arguments: EngineSetup.all)
  func order(setup: EngineSetup) throws {
    try forAll(count: Cases.count(1), seed: 3001) { random, seed in
      let workload = RandomWorkload(&random)
      let queries = ArrivalTests.queries(workload, &random)
      var first: [String]?
      for _ in 0..<2 {
        let folder = TemporaryFolder()
        let files = WorkloadFiles(workload: workload).render(&random)
        let answers = try ArrivalTests.texts(queries, setup.engine(files, in: folder))
        ArrivalTests.expectSame(answers, first ?? answers, queries, "\(seed) \(setup.name)")
        first = first ?? answers
      }
    }
  }

  @Test("configurations do not matter")
  func configurations() throws {
    try forAll(count: Cases.count(1), seed: 3101) { random, seed in
      let workload = RandomWorkload(&random)
      let queries = ArrivalTests.queries(workload, &random)
      var expected: [String]?
      for setup in EngineSetup.all {
        let folder = TemporaryFolder()
        let files = WorkloadFiles(workload: workload).render(&random)
        let answers = try ArrivalTests.texts(queries, setup.engine(files, in: folder))
        ArrivalTests.expectSame(answers, expected ?? answers, queries, "\(seed) \(setup.name)")
        expected = expected ?? answers
      }
    }
  }

  @Test("the same files change nothing: again, renamed, compressed, in one load or in another")
  func repeatedFiles() throws {
    try forAll(count: Cases.count(2), seed: 3201) { random, seed in
      let workload = RandomWorkload(&random)
      let queries = ArrivalTests.queries(workload, &random)
      let folder = TemporaryFolder()
      let files = WorkloadFiles(workload: workload).render(&random)
      let engine = try EngineSetup.all[0].engine(files, in: folder)
      let expected = ArrivalTests.texts(queries, engine)
      for again in [files, files.map(ArrivalTests.renamed), files.map(ArrivalTests.compressed)] {
        let report = try EngineSetup.load(again, into: engine, in: folder)
        for outcome in report.outcomes {
          guard case .repeated = outcome else {
            Issue.record("\(seed) \(outcome)")
            continue
          }
        }
        #expect(report.tally.lineCount == 0, "\(seed)")
        ArrivalTests.expectSame(
          ArrivalTests.texts(queries, engine), expected, queries, "\(seed) again")
      }
      let other = TemporaryFolder()
      let doubled = (files + files.map(ArrivalTests.compressed)).shuffled(using: &random)
      let setup = EngineSetup(name: "doubled", threadCount: 2)
      let answers = try ArrivalTests.texts(queries, setup.engine(doubled, in: other))
      ArrivalTests.expectSame(answers, expected, queries, "\(seed) doubled in one load")
    }
  }

  @Test("the same ids change nothing, whatever files bring them", arguments: EngineSetup.all)
  func repeatedIdentities(setup: EngineSetup) throws {
    try forAll(count: Cases.count(1), seed: 3301) { random, seed in
      let workload = RandomWorkload(&random).identified()
      let queries = ArrivalTests.queries(workload, &random)
      let (once, twice) = (TemporaryFolder(), TemporaryFolder())
      let renderer = WorkloadFiles(workload: workload)
      let files = renderer.render(&random)
      let expected = try ArrivalTests.texts(queries, setup.engine(files, in: once))
      let engine = try setup.engine(files, in: twice)
      guard !setup.reopens else { return }
      try EngineSetup.load(
        renderer.render(&random).map(ArrivalTests.renamed), into: engine, in: twice,
        threadCount: setup.threadCount)
      let answers = ArrivalTests.texts(queries, engine)
      ArrivalTests.expectSame(answers, expected, queries, "\(seed) \(setup.name)")
    }
  }

  private static func renamed(_ file: RenderedFile) -> RenderedFile {
    // Attribute files are told by their header as well.
    RenderedFile(name: "again-" + file.name, bytes: file.bytes)
  }

  private static func compressed(_ file: RenderedFile) -> RenderedFile {
    RenderedFile(name: file.name + ".gz", bytes: gzip(file.bytes))
  }

  private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    let byteCount = Int32(MemoryLayout<z_stream>.size)
    precondition(
      deflateInit2_(
        &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, byteCount) == Z_OK)
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    let count = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<count])
  }
}
