// Files with figures and drawings, which come at the end of long runs: whether one can be written is looked at before.

internal import Foundation
internal import Glibc

enum ReportFile {
  /// - Throws: where a file of this name cannot be written.
  static func check(_ path: String) throws(BenchFailure) {
    let isNew = access(path, F_OK) != 0
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw BenchFailure("cannot write \(path): \(reason)") }
    close(descriptor)
    if isNew { unlink(path) }
  }

  static func write(_ data: Data, to path: String) throws(BenchFailure) {
    do {
      try data.write(to: URL(fileURLWithPath: path))
    } catch {
      throw BenchFailure("cannot write \(path): \(error.localizedDescription)")
    }
  }

  /// Writes a value as JSON.
  static func write(json value: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write(try encoder.encode(value), to: path)
  }

  /// Reads what was written as JSON.
  static func read<Value: Decodable>(_ path: String) throws(BenchFailure) -> Value {
    guard access(path, R_OK) == 0 else { throw BenchFailure("cannot read \(path): \(reason)") }
    do {
      return try JSONDecoder().decode(
        Value.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw BenchFailure("\(path) is no report of beacon-bench")
    }
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
