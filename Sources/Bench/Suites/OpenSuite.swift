// Starting: opening a data directory up to its first answer, and replaying a log that was never saved, each beside a
// plain read of the same bytes.
//
// SAFETY: lines are lent to the stream for the length of a call, from an array that outlives it.

internal import Base
internal import Engine
internal import Foundation
internal import Ingest

extension Suite {
  static let open = Suite(name: "open") { fixture in
    try OpenSuite.directory(fixture) + OpenSuite.recovery(fixture)
  }
}

private enum OpenSuite {
  static func directory(_ fixture: Fixture) throws -> [Benchmark] {
    let path = try fixture.dataDirectory()
    let files = try DataFiles(path)
    let work = Work(try fixture.logSet().eventCount, "events", byteCount: files.byteCount)
    return [
      readFloor("open/directory/floor", files, work),
      Benchmark("open/directory", work: work, floor: "open/directory/floor") { recorder in
        try open(path, work, recorder)
      },
    ]
  }

  static func recovery(_ fixture: Fixture) throws -> [Benchmark] {
    let path = fixture.workspace["unsaved"]
    let eventCount = try writeUnsaved(fixture, path)
    let files = try DataFiles(path)
    let work = Work(eventCount, "events", byteCount: files.byteCount)
    return [
      readFloor("open/replay/floor", files, work),
      Benchmark("open/replay", work: work, floor: "open/replay/floor") { recorder in
        let recovered = try open(path, work, recorder)
        try BenchFailure.unless(recovered, is: eventCount, "events from the log")
      },
    ]
  }

  /// Times opening up to the first answer.
  ///
  /// - Returns: events that came from the log.
  @discardableResult
  private static func open(_ path: String, _ work: Work, _ recorder: Recorder) throws -> Int {
    let (engine, answer) = try recorder.time {
      let engine = try Engine.open(path)
      return (engine, try engine.query("SELECT count(*) FROM events SETTINGS audience = all"))
    }
    try BenchFailure.unless(AnswerText.rows(answer), is: ["\(Int(work.count))"], "events")
    return engine.status.recovery.eventCount
  }

  private static func readFloor(_ name: String, _ files: DataFiles, _ work: Work) -> Benchmark {
    let floor = ByteFloor()
    return Benchmark(name, work: work) { recorder in
      let byteCount = try recorder.time { try floor.read(files.paths) }
      try BenchFailure.unless(byteCount, is: files.byteCount, "bytes")
    }
  }

  /// Streams the logs into a new directory that is never saved, as if the process had been killed.
  private static func writeUnsaved(_ fixture: Fixture, _ path: String) throws -> Int {
    let bytes = try fixture.logSet().logBytes()
    var configuration = Engine.Configuration()
    configuration.logByteCountMax = .max
    let engine = try Engine.openForWriting(path, configuration: configuration)
    let stream = try engine.beginIngest(.accessLog(.combined), options: IngestOptions())
    try bytes.withUnsafeBufferPointer { try stream.append(ByteSlice($0)) }
    let tally = try stream.finish()
    try BenchFailure.unless(
      tally.shards.added, is: try fixture.logSet().hitCount, "streamed events")
    return tally.shards.added
  }
}

/// The files of a data directory.
private struct DataFiles {
  let paths: [String]
  let byteCount: Int

  init(_ folder: String) throws {
    var (paths, byteCount): ([String], Int) = ([], 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      paths.append("\(folder)/\(name)")
      byteCount += (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
    (self.paths, self.byteCount) = (paths, byteCount)
  }
}
