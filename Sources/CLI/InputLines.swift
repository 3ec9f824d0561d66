// Lines of standard input, and whether another one is there already: somebody may wait for an answer before the next.
//
// SAFETY: what is read into the chunk is no longer than the chunk.

internal import Base
internal import Glibc

struct InputLines {
  private var buffer: [UInt8] = []
  private var isAtEnd = false
  private var chunk = [UInt8](repeating: 0, count: 65_536)

  /// The next line without its end; nil when there is none. A line that is longer than anything that is understood
  /// comes in parts.
  mutating func next() -> String? {
    while true {
      if let end = buffer.firstIndex(of: ASCII.newline) {
        let line = buffer[..<end]
        buffer.removeSubrange(...end)
        return String(decoding: line, as: UTF8.self)
      }
      if isAtEnd || buffer.count > Limits.inputLineByteCountMax {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
      }
      fill()
    }
  }

  /// Whether something is there to be read without waiting, the end included.
  var isMoreThere: Bool {
    if isAtEnd || buffer.contains(ASCII.newline) { return true }
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, 0) > 0
  }

  private mutating func fill() {
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count < 0, errno == EINTR { return }
    if count > 0 { buffer += chunk[..<count] } else { isAtEnd = true }
  }
}
