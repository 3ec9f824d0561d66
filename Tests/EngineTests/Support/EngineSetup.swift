// The engine as the tests drive it: files in a folder, loaded the way people load them, under some configuration.

import Base
import Columnar
import Engine
import Ingest
import Query
import TestSupport
import Testing

/// One way to run the engine. Answers must not depend on it.
struct EngineSetup: Sendable, CustomTestStringConvertible {
  var name: String
  var segmentRowCountMax = Columnar.Limits.segmentRowCountMax
  var forcing: Encoding?
  var threadCount = 1
  var prunes = true
  var partedRowCountMin = 1
  var batchEventCount = EventBatch.eventCountMax
  /// Whether every file is a load of its own.
  var loadsOneByOne = false
  /// Whether the directory is opened anew before it is asked.
  var reopens = false
  /// Whether files come as streams and are never saved, so that opening anew finds their events in the log.
  var recovers = false
  /// The memory budget; with none at all, every segment that is on disk is cold.
  var memoryByteCountMax: Int?

  var testDescription: String { name }

  static let all: [EngineSetup] =
    [
      EngineSetup(name: "default"),
      EngineSetup(name: "four-row segments", segmentRowCountMax: 4),
      EngineSetup(name: "two threads", threadCount: 2),
      EngineSetup(name: "reopened", reopens: true),
      EngineSetup(name: "four-row segments, no pruning", segmentRowCountMax: 4, prunes: false),
      EngineSetup(name: "batch of one, two threads", threadCount: 2, batchEventCount: 1),
      EngineSetup(
        name: "many loads, four-row segments, reopened", segmentRowCountMax: 4,
        loadsOneByOne: true, reopens: true),
      EngineSetup(
        name: "recovered from the log", threadCount: 2, batchEventCount: 3, reopens: true,
        recovers: true),
      EngineSetup(name: "everything cold", threadCount: 2, reopens: true, memoryByteCountMax: 0),
      EngineSetup(
        name: "everything cold, many loads, four-row segments", segmentRowCountMax: 4,
        loadsOneByOne: true, memoryByteCountMax: 0),
      EngineSetup(
        name: "recovered from the log, everything cold", batchEventCount: 3, reopens: true,
        recovers: true, memoryByteCountMax: 0),
      EngineSetup(
        name: "something cold, many loads", segmentRowCountMax: 64, threadCount: 2,
        loadsOneByOne: true, memoryByteCountMax: 64 << 10),
    ]
    + Encoding.allCases.map { EngineSetup(name: "forced \($0)", forcing: $0) }

  private var configuration: Engine.Configuration {
    var configuration = Engine.Configuration(threadCount: threadCount)
    configuration.shard = ShardConfiguration(
      segmentRowCountMax: segmentRowCountMax, forcing: forcing)
    configuration.prunes = prunes
    configuration.partedRowCountMin = partedRowCountMin
    configuration.memoryByteCountMax = memoryByteCountMax
    return configuration
  }

  /// An engine that has loaded `files` in a folder of its own.
  func engine(_ files: [RenderedFile], in folder: TemporaryFolder) throws -> Engine {
    var engine = try open(in: folder)
    if recovers { for file in files { try engine.append(file, batchEventCount) } }
    for batch in recovers ? [] : loadsOneByOne ? files.map({ [$0] }) : [files] {
      try EngineSetup.load(
        batch, into: engine, in: folder, threadCount: threadCount,
        batchEventCount: batchEventCount)
    }
    if reopens {
      engine = try Engine.open(folder.path + "/data", configuration: configuration)
    }
    return engine
  }

  /// An engine that may load, over the folder's data directory.
  func open(in folder: TemporaryFolder) throws -> Engine {
    try Engine.openForWriting(folder.path + "/data", configuration: configuration)
  }

  /// Loads files; every line of them must be taken.
  @discardableResult
  static func load(
    _ files: [RenderedFile], into engine: Engine, in folder: TemporaryFolder, threadCount: Int = 1,
    batchEventCount: Int = EventBatch.eventCountMax
  ) throws -> LoadReport {
    let inputs = files.map { file in
      InputFile(
        path: folder.write(file.name, file.bytes), name: file.name,
        byteCount: Int64(file.bytes.count))
    }
    var options = IngestOptions(threadCount: threadCount)
    options.batchEventCount = batchEventCount
    return try engine.load(inputs, options: options)
  }
}

extension Engine {
  /// Streams a file's lines.
  fileprivate func append(_ file: RenderedFile, _ batchEventCount: Int) throws {
    let kind = try #require(
      file.bytes.withUnsafeBufferPointer {
        FileKind.detect(name: file.name, head: ByteSlice($0))
      })
    let stream = try stream(kind, batchEventCount: batchEventCount)
    try stream.append(file.bytes)
    _ = try stream.finish()
  }
}
