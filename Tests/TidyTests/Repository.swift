// The tracked text files, read once for all rules.

import Glibc

enum Repository {
  /// The root, found from where this file was compiled.
  static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  /// Every file that git tracks, or would track once added. Binary files have no text.
  static let files: [TextFile] = paths.compactMap { path in
    guard let bytes = read(root + "/" + path), !bytes.prefix(8000).contains(0) else { return nil }
    return TextFile(path: path, text: String(decoding: bytes, as: UTF8.self))
  }

  static let manifest: TextFile? = files.first { $0.path == "Package.swift" }

  /// Whether something stands at `path`, given from the root.
  static func exists(_ path: String) -> Bool {
    access(root + "/" + path, F_OK) == 0
  }

  private static var paths: [String] {
    // A checkout may belong to another user than the one who tests it, in containers mostly.
    let command = "git -c safe.directory='*' -C '\(root)' ls-files -z -co --exclude-standard"
    guard let pipe = popen(command, "r") else { return [] }
    defer { pclose(pipe) }
    return drain(pipe).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of a file, or nil where there is none (deleted, but not yet from the index).
  private static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    return drain(file)
  }

  private static func drain(_ file: UnsafeMutablePointer<FILE>) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}
