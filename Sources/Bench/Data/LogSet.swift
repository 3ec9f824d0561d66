// Generated files and the truth about them. Logs are unpacked, so that whatever reads them reads the same bytes.

internal import Base
internal import Foundation
internal import Ingest
internal import Workload

struct LogSet {
  let folder: String
  let truth: Truth
  /// Access logs, uncompressed.
  let logs: [InputFile]
  /// Sends, outcomes and attributes.
  let others: [InputFile]

  /// Writes a new set into `folder`, which must not exist.
  init(_ specification: WorkloadSpec, in folder: String) throws {
    self.folder = folder
    truth = try Generator(specification, directory: folder).run()
    for name in try LogSet.names(in: folder + "/logs") where name.hasSuffix(".gz") {
      try LogSet.unpack("\(folder)/logs/\(name)")
    }
    logs = try LogSet.files(in: folder + "/logs")
    others = try LogSet.files(in: folder).filter { !$0.name.hasSuffix("truth.json") }
  }

  var logByteCount: Int { logs.reduce(0) { $0 + Int($1.byteCount) } }

  /// Hits that count, of all kinds.
  var hitCount: Int { EventKind.allCases.reduce(0) { $0 + truth.hits[$1] } }

  /// Events of all files.
  var eventCount: Int { EventKind.allCases.reduce(0) { $0 + truth.events[$1] } }

  /// All log lines, file after file.
  func logBytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(logByteCount)
    for file in logs { bytes += try LogContent.read(file.path) }
    return bytes
  }

  private static func unpack(_ path: String) throws {
    let bytes = try LogContent.read(path)
    try Data(bytes).write(to: URL(fileURLWithPath: String(path.dropLast(".gz".count))))
    try FileManager.default.removeItem(atPath: path)
  }

  private static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private static func files(in folder: String) throws -> [InputFile] {
    try names(in: folder).compactMap { name in
      let path = "\(folder)/\(name)"
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
      let size = attributes[.size] as? NSNumber
      return InputFile(path: path, name: path, byteCount: size?.int64Value ?? 0)
    }
  }
}
