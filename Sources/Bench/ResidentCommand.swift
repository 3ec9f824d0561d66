// `beacon-bench resident`: opens or loads a data directory and says what memory that takes. Other commands start it.

internal import ArgumentParser
internal import Base
internal import Engine
internal import Foundation
internal import Ingest

struct ResidentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resident", abstract: "Say what memory a data directory takes.",
    shouldDisplay: false)

  @Option(help: "The data directory.")
  var data: String

  @Option(help: "A folder of generated files to load into it first.")
  var load: String?

  func run() throws {
    let before = try Residence.status("VmRSS")
    let engine = try makeEngine()
    let rows = AnswerText.rows(
      try engine.query("SELECT count(*) FROM events SETTINGS audience = all"))
    FreedMemory.release()
    let residence = Residence(
      byteCount: try Residence.status("VmRSS") - before,
      peakByteCount: try Residence.status("VmHWM") - before,
      eventCount: rows.first.flatMap { Int($0) } ?? 0)
    print(String(decoding: try JSONEncoder().encode(residence), as: UTF8.self))
  }

  /// With what the allocator is told by `beacon query` and by `beacon ingest`.
  private func makeEngine() throws -> Engine {
    guard let load else {
      FreedMemory.useOneHeap()
      FreedMemory.keep(for: .answering)
      return try Engine.open(data)
    }
    FreedMemory.keep(for: .loading)
    let engine = try Engine.openForWriting(data)
    let files = try SourceList.expand([load]).map {
      InputFile(path: $0.name, name: $0.name, byteCount: 0)
    }
    _ = try engine.load(files, options: IngestOptions(threadCount: Threads.processorCount))
    return engine
  }
}
