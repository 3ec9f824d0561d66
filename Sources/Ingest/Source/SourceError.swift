// Why an input cannot be read, and where.

internal import Glibc

/// A failure to find or read one input.
package struct SourceError: Error, Equatable {
  /// The path as it was asked for, or "standard input".
  package let name: String
  package let problem: Problem

  package init(name: String, problem: Problem) {
    self.name = name
    self.problem = problem
  }

  package enum Problem: Equatable, Sendable {
    case notFound
    /// The pattern matches no file.
    case noMatch
    /// A folder where a file is needed.
    case isFolder
    /// Folders are nested deeper than `Limits.folderDepthMax`.
    case tooDeep
    /// There are more bytes than such a file may have.
    case tooLong(byteCountMax: Int)
    /// A system call failed with this `errno`.
    case system(call: String, errno: Int32)
    /// The compressed data ends in the middle; the file may still be being written.
    case truncated(CompressionFormat, at: Int64)
    /// The compressed data is damaged at or shortly behind this compressed byte.
    case corrupt(CompressionFormat, at: Int64)
    /// Something that is neither gzip nor padding follows the compressed data.
    case trailingGarbage(CompressionFormat, at: Int64)
    /// It decompresses to more than any log would.
    case tooCompressed(compressedByteCount: Int64, byteCount: Int64)
    /// A compression that is not read, by its name.
    case unsupported(String)
    case outOfMemory
    /// The second reading did not find what the first one had found.
    case changed
  }
}

extension SourceError: CustomStringConvertible {
  package var description: String { "\(name): \(reason)" }

  /// What is wrong, without the name.
  package var reason: String {
    switch problem {
    case .notFound: "no such file or folder"
    case .noMatch: "no file matches the pattern"
    case .isFolder: "is a folder"
    case .tooDeep: "folders are nested more than \(Limits.folderDepthMax) deep"
    case .tooLong(let byteCountMax): "has more than \(byteCountMax) bytes, the most it may have"
    case .system(let call, let errno): "\(call): \(SourceError.text(of: errno))"
    case .truncated(let format, let offset):
      "the \(format) data ends in the middle, at compressed byte \(offset)"
    case .corrupt(let format, let offset):
      "the \(format) data is damaged at or behind compressed byte \(offset)"
    case .trailingGarbage(let format, let offset):
      "something that is no \(format) data begins at compressed byte \(offset)"
    case .tooCompressed(let compressed, let byteCount):
      "\(compressed) bytes decompress to \(byteCount) and more; refusing to go on"
    case .unsupported(let name): "is compressed with \(name), which is not read; recompress it"
    case .outOfMemory: "no memory left to decompress it"
    case .changed: "changed while it was read"
    }
  }

  private static func text(of errno: Int32) -> String {
    // SAFETY: strerror returns a terminated string, copied at once.
    strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  }
}
