// Standard output. What it does not take is an error, so that no command seems to have answered that has not.

internal import Base
internal import Glibc

enum Output {
  /// Standard output takes no more.
  struct Failure: Error, CustomStringConvertible {
    let code: Int32

    /// Nobody reads it any more: `| head` is no failure.
    var isReaderGone: Bool { code == EPIPE }

    var description: String { "cannot write the output: \(String(cString: strerror(code)))" }
  }

  static func write(_ bytes: ByteSlice) throws(Failure) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(STDOUT_FILENO, rest.buffer.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(code: count < 0 ? errno : EIO) }
      rest = rest.suffix(from: count)
    }
  }

  static func write(_ bytes: [UInt8]) throws(Failure) {
    // SAFETY: the array outlives the call, and the slice covers exactly its elements.
    try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in try write(ByteSlice(buffer)) }
  }

  /// Writes lines of text.
  static func write(lines text: String) throws(Failure) { try write(Array((text + "\n").utf8)) }
}
