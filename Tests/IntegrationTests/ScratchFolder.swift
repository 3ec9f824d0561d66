// A folder of its own for a test, gone when the test is over.

import Foundation

final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    let name = "beacon-tests-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in the folder.
  subscript(name: String) -> String { "\(path)/\(name)" }

  /// Writes a file into the folder and answers its path.
  func write(_ text: String, to name: String) throws -> String {
    try Command.write(text.utf8, to: self[name])
    return self[name]
  }

  /// The names in a folder inside this one, sorted.
  func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self[folder]).sorted()
  }
}
