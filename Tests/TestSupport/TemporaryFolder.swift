// A fresh folder for a test, removed with everything in it at the end of its life.

internal import Glibc

package final class TemporaryFolder: Sendable {
  package let path: String

  package init() {
    var template = Array("/tmp/beacon-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { TemporaryFolder.remove(path) }

  /// The path of a file in it.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, making the folders of its name; returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8] = []) -> String {
    for (index, byte) in name.utf8.enumerated() where byte == UInt8(ascii: "/") {
      mkdir(file(String(decoding: name.utf8.prefix(index), as: UTF8.self)), 0o755)
    }
    guard let stream = fopen(file(name), "w") else { preconditionFailure("cannot write \(name)") }
    defer { fclose(stream) }
    precondition(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
    return file(name)
  }

  /// Writes a file of text; returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

  /// Makes a symbolic link.
  package func link(_ name: String, to target: String) {
    precondition(symlink(target, file(name)) == 0)
  }

  /// The bytes of a file.
  package func read(_ name: String) -> [UInt8] { TemporaryFolder.read(file(name)) }

  /// The bytes of any file.
  package static func read(_ path: String) -> [UInt8] {
    guard let stream = fopen(path, "r") else { preconditionFailure("cannot read \(path)") }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Removes a file.
  package func remove(_ name: String) { unlink(file(name)) }

  /// The names of its files, sorted.
  package var names: [String] { TemporaryFolder.names(in: path) }

  /// The names in a folder inside it, sorted.
  package func names(in folder: String) -> [String] { TemporaryFolder.names(in: file(folder)) }

  /// Copies every file of a folder without folders into it, after removing what was there.
  package func become(_ other: TemporaryFolder) {
    for name in names { remove(name) }
    for name in other.names { write(name, other.read(name)) }
  }

  /// The names in any folder, sorted; none where there is no such folder.
  package static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func remove(_ path: String) {
    for name in names(in: path) {
      let inner = "\(path)/\(name)"
      if unlink(inner) != 0 { remove(inner) }
    }
    rmdir(path)
  }
}
