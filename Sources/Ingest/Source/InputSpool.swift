// Standard input as a file: it must be read twice, once to know that it is whole and once for its events.

internal import Glibc

/// A nameless file that goes away with this value.
package final class InputSpool {
  private let descriptor: Int32

  /// Copies everything from an open descriptor into a nameless file in `folder`.
  package init(copying source: Int32, folder: String) throws(SourceError) {
    descriptor = open(folder, O_TMPFILE_FLAGS, 0o600)
    guard descriptor >= 0 else {
      throw SourceError(name: folder, problem: .system(call: "open", errno: errno))
    }
    try copy(from: source)
  }

  deinit { close(descriptor) }

  /// A path that opens the file anew, from its beginning.
  package var path: String { "/proc/self/fd/\(descriptor)" }

  private func copy(from source: Int32) throws(SourceError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(source, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw SourceError(name: "standard input", problem: .system(call: "read", errno: errno))
      }
      if count == 0 { return }
      try write(buffer[..<count])
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws(SourceError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw SourceError(name: "standard input", problem: .system(call: "write", errno: errno))
      }
      rest = rest.dropFirst(count)
    }
  }
}

/// O_TMPFILE | O_RDWR | O_CLOEXEC; the first is a macro that Swift does not see.
private let O_TMPFILE_FLAGS: Int32 = 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC
