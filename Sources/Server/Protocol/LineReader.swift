// Cuts what a client sends into lines, however it was split on the way. A line over the limit is skipped to its end and
// reported, so that no client can make the buffer grow.
//
// SAFETY: slices are cut from the buffer only while it is lent, and end before it changes.

internal import Base

struct LineReader {
  enum Line: Equatable {
    /// Without its LF or CR LF.
    case whole([UInt8])
    case tooLong
    /// More bytes are needed.
    case none
  }

  /// Lines that were found together, up to a line with a single `.`.
  struct Block: Equatable {
    /// Whole lines with their newlines.
    var lines: [UInt8] = []
    var tooLongCount = 0
    /// Whether the line with the `.` was there; it is taken, and not among the lines.
    var isEnded = false

    var isEmpty: Bool { lines.isEmpty && tooLongCount == 0 && !isEnded }
  }

  private var bytes: [UInt8] = []
  /// Where the next line begins.
  private var start = 0
  /// No newline stands before here.
  private var searched = 0
  private var isSkipping = false

  /// Bytes that wait to be taken.
  var bufferedByteCount: Int { bytes.count - start }

  /// Adds what was received.
  mutating func receive(_ chunk: ByteSlice) {
    if start > 0 {
      bytes.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    bytes.append(contentsOf: chunk.buffer)
  }

  /// Takes the next line.
  ///
  /// - Parameters:
  ///   - limit: bytes without the LF.
  ///   - isLast: whether nothing comes any more, so that bytes without a newline are a line too.
  mutating func next(limit: Int, isLast: Bool = false) -> Line {
    let hasRest = isLast && (bufferedByteCount > 0 || isSkipping)
    guard let end = findNewline() ?? (hasRest ? bytes.count : nil) else {
      giveUp(beyond: limit)
      return .none
    }
    let isTooLong = isSkipping || end - start > limit
    let line = isTooLong ? Line.tooLong : .whole(LineReader.trimmed(bytes[start..<end]))
    isSkipping = false
    advance(to: min(end + 1, bytes.count))
    return line
  }

  /// Takes all whole lines that are there, up to one with a single `.`.
  mutating func block(limit: Int) -> Block {
    var block = Block()
    // The lines between here and `start` are fine and not yet in the block.
    var first = start
    while let end = findNewline() {
      let lineStart = start
      let isTooLong = isSkipping || end - lineStart > limit
      isSkipping = false
      advance(to: end + 1)
      let isEnd = !isTooLong && LineReader.isDot(bytes[lineStart..<end])
      guard isTooLong || isEnd else { continue }
      block.lines += bytes[first..<lineStart]
      first = start
      if isEnd {
        block.isEnded = true
        return block
      }
      block.tooLongCount += 1
    }
    block.lines += bytes[first..<start]
    giveUp(beyond: limit)
    return block
  }

  private mutating func advance(to index: Int) {
    start = index
    searched = index
  }

  private mutating func findNewline() -> Int? {
    let found = bytes.withUnsafeBufferPointer {
      ByteSearch.firstIndex(of: ASCII.newline, in: ByteSlice($0), from: searched)
    }
    searched = found ?? bytes.count
    return found
  }

  /// Drops the beginning of a line that is too long already.
  private mutating func giveUp(beyond limit: Int) {
    guard isSkipping || bufferedByteCount > limit else { return }
    isSkipping = true
    bytes.removeAll(keepingCapacity: bytes.capacity <= 2 * limit)
    advance(to: 0)
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
    Array(line.last == ASCII.carriageReturn ? line.dropLast() : line)
  }

  private static func isDot(_ line: ArraySlice<UInt8>) -> Bool {
    line.first == ASCII.dot
      && (line.count == 1 || line.count == 2 && line.last == ASCII.carriageReturn)
  }
}
