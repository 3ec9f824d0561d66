// Cuts the next lines from the bytes at a file's offset: how many of the bytes are no lines at all, and which whole
// lines follow. It keeps nothing; the same bytes give the same run.

internal import Base

/// A step through a file: bytes to pass over, then whole lines without a gap.
struct LineRun: Equatable {
  /// Where the lines begin: behind holes of NULs and lines that are too long.
  private(set) var start = 0
  /// Behind the lines, and behind everything this run covers.
  private(set) var end = 0
  private(set) var lineCount = 0
  /// Lines that were too long: those that were begun here.
  private(set) var longLineCount = 0
  /// Whether `end` lies in a line that is too long.
  private(set) var isInLongLine: Bool
  /// Whether the last line is ended by the file, not by a newline.
  private(set) var lacksNewline = false

  /// - Parameters:
  ///   - bytes: what follows the file's offset.
  ///   - isInLongLine: whether the offset lies in a line that is too long.
  ///   - endsFile: whether the file ends behind the bytes for good, so that its last line needs no newline.
  init(of bytes: ByteSlice, isInLongLine: Bool, endsFile: Bool) {
    self.isInLongLine = isInLongLine
    passOver(bytes, endsFile: endsFile)
    start = end
    collect(bytes, endsFile: endsFile)
  }

  var hasLines: Bool { end > start }

  private mutating func passOver(_ bytes: ByteSlice, endsFile: Bool) {
    while end < bytes.count {
      if !isInLongLine, bytes[end] == 0 {
        while end < bytes.count, bytes[end] == 0 { end &+= 1 }
        continue
      }
      let newline = ByteSearch.firstIndex(of: ASCII.newline, in: bytes, from: end)
      if !isInLongLine {
        guard (newline ?? bytes.count) - end > Limits.lineByteCountMax else { return }
        longLineCount += 1
      }
      isInLongLine = newline == nil && !endsFile
      end = newline.map { $0 + 1 } ?? bytes.count
    }
  }

  private mutating func collect(_ bytes: ByteSlice, endsFile: Bool) {
    guard !isInLongLine else { return }
    while end < bytes.count, lineCount < Limits.followedLineCountMax, bytes[end] != 0 {
      let newline = ByteSearch.firstIndex(of: ASCII.newline, in: bytes, from: end)
      guard newline != nil || endsFile else { return }
      guard (newline ?? bytes.count) - end <= Limits.lineByteCountMax else { return }
      lacksNewline = newline == nil
      end = newline.map { $0 + 1 } ?? bytes.count
      lineCount += 1
    }
  }
}
