// A generated workload in a temporary directory, read back as lines of bytes whatever the compression.

import Base
import CZlib
import TestSupport
import Workload

final class WorkloadFolder: FolderFiles {
  let truth: Truth
  let spec: WorkloadSpec
  private let folder = TemporaryFolder()

  var path: String { folder.path }

  init(_ spec: WorkloadSpec) throws {
    self.spec = spec
    truth = try Generator(spec, directory: folder.path).run()
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
    TemporaryFolder.names(in: "\(path)/\(directory)").filter { $0 != "logs" }
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
