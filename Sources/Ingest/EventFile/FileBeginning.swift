// The first lines of an input that are short enough to be read. A file is judged by them, so that a line nobody could
// load, however long, does not decide what the lines behind it are.

package import Base

/// Collects lines from an input's beginning; those longer than `Limits.lineByteCountMax` are left out.
package struct FileBeginning: Sendable {
  /// What was collected: whole lines, and at the end of the input a last one that may lack its newline.
  package private(set) var bytes: [UInt8] = []
  private var lineStart = 0
  private var isSkipping = false
  private var seenByteCount = 0

  package init() {}

  /// Whether more input would tell no more: enough was collected, or too much was left out.
  package var isComplete: Bool {
    lineStart >= Limits.detectionByteCountMax || seenByteCount >= Limits.detectionReachByteCountMax
  }

  /// Takes the next bytes of the input, cut anywhere; nothing more once it is complete.
  package mutating func take(_ input: ByteSlice) {
    var start = 0
    while start < input.count, !isComplete {
      let newline = ByteSearch.firstIndex(of: ASCII.newline, in: input, from: start)
      let end = newline.map { $0 + 1 } ?? input.count
      takePart(input.slice(from: start, to: end), endsLine: newline != nil)
      seenByteCount += end - start
      start = end
    }
  }

  private mutating func takePart(_ part: ByteSlice, endsLine: Bool) {
    let lineByteCount = bytes.count - lineStart + part.count - (endsLine ? 1 : 0)
    if !isSkipping, lineByteCount <= Limits.lineByteCountMax {
      bytes.append(contentsOf: part.buffer)
    } else {
      bytes.removeLast(bytes.count - lineStart)
      isSkipping = true
    }
    guard endsLine else { return }
    lineStart = bytes.count
    isSkipping = false
  }
}
