// Lines of standard input, and whether another one is there already: somebody may wait for an answer before the next.
//
// SAFETY: what is read into the chunk is no longer than the chunk.

internal import Base
internal import Glibc
internal import Query

struct InputLines {
  private var buffer: [UInt8] = []
  private var isAtEnd = false
  private var isAtStart = true
  private var chunk = [UInt8](repeating: 0, count: 65_536)

  /// The next line without its end; nil when there is none. A line that is longer than anything that is understood
  /// comes in parts. The mark that some editors write in front of UTF-8 is left out.
  mutating func next() -> [UInt8]? {
    defer { isAtStart = false }
    return nextLine().map { isAtStart ? UTF8Scan.unmarked($0) : $0 }
  }

  private mutating func nextLine() -> [UInt8]? {
    while true {
      if let end = buffer.firstIndex(of: ASCII.newline) {
        defer { buffer.removeSubrange(...end) }
        return Array(buffer[..<end])
      }
      if isAtEnd || buffer.count > Limits.inputLineByteCountMax {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : buffer
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
