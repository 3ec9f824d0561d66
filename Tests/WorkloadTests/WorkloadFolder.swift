// A generated workload in a temporary directory, read back as lines of bytes whatever the compression.

import Base
import CZlib
import Glibc
import Workload

final class WorkloadFolder: FolderFiles {
  let path: String
  let truth: Truth
  let spec: WorkloadSpec

  init(_ spec: WorkloadSpec) throws {
    self.spec = spec
    var template = Array("/tmp/beacon-workload-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ReadFailure(path: "/tmp") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    truth = try Generator(spec, directory: path).run()
  }

  deinit {
    for name in names("logs") { unlink("\(path)/logs/\(name)") }
    rmdir(path + "/logs")
    for name in names("") { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}

/// A workload already on disk.
struct StoredFolder: FolderFiles {
  let path: String
}

/// The files of a workload, read as bytes whatever their compression.
protocol FolderFiles {
  var path: String { get }
}

extension FolderFiles {
  /// The names in one of its directories, sorted.
  func names(_ directory: String) -> [String] {
    guard let stream = opendir("\(path)/\(directory)") else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." && name != "logs" { names.append(name) }
    }
    return names.sorted()
  }

  /// A file's content; zlib reads plain files as they are.
  func bytes(_ name: String) throws -> [UInt8] {
    guard let file = gzopen("\(path)/\(name)", "rb") else { throw ReadFailure(path: name) }
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &block, UInt32(block.count))
      guard count >= 0 else { throw ReadFailure(path: name) }
      if count == 0 { return bytes }
      bytes += block[..<Int(count)]
    }
  }

  /// A file's lines without their newlines.
  func lines(_ name: String) throws -> [[UInt8]] {
    var lines = try bytes(name).split(separator: ASCII.newline, omittingEmptySubsequences: false)
    guard lines.popLast()?.isEmpty == true else { throw ReadFailure(path: name) }
    return lines.map(Array.init)
  }

  func logLines() throws -> [[UInt8]] {
    try names("logs").flatMap { try lines("logs/" + $0) }
  }

  /// One number for the contents of all files: the CRC-32C of their names and uncompressed bytes.
  func checksum() throws -> UInt32 {
    var checksum: UInt32 = 0
    for name in names("") + names("logs").map({ "logs/" + $0 }) {
      for part in [Array(name.utf8), try bytes(name)] {
        part.withUnsafeBufferPointer { checksum = CRC32C.of(ByteSlice($0), continuing: checksum) }
      }
    }
    return checksum
  }
}

struct ReadFailure: Error {
  let path: String
}
