// Lines that are given to the engine together.
//
// SAFETY: a batch lends its bytes for the length of a call; lines are copied in.

internal import Base
internal import Ingest

struct LineBatch: Sendable {
  /// Whole lines with their newlines.
  private(set) var bytes: [UInt8] = []
  private(set) var lineCount = 0

  var isEmpty: Bool { lineCount == 0 }

  /// Adds a line. A line end within it becomes a space: a message is one line, whoever wrote it.
  mutating func append(_ line: ByteSlice) {
    lineCount += 1
    let start = bytes.count
    bytes.append(contentsOf: line.buffer)
    bytes.append(ASCII.newline)
    guard ByteSearch.firstIndex(of: ASCII.newline, in: line) != nil else { return }
    for index in start..<bytes.count - 1 where bytes[index] == ASCII.newline {
      bytes[index] = ASCII.space
    }
  }

  /// What the lines are; nil when no format reads them.
  var kind: FileKind? {
    let kind = bytes.withUnsafeBufferPointer { buffer in
      let all = ByteSlice(buffer)
      let head = all.slice(from: 0, to: min(all.count, Limits.detectionByteCountMax))
      return FileKind.detect(name: "-", head: head)
    }
    // Attributes come in files.
    if case .attributes = kind { return nil }
    return kind
  }
}
