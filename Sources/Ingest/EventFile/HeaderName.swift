// Column names as people write them.

internal import Base

enum HeaderName {
  /// The name in lower case and without space around it.
  static func normalized(_ name: ByteSlice) -> [UInt8] {
    let isSpace: (UInt8) -> Bool = { $0 == ASCII.space || $0 == ASCII.tab }
    let text = name.buffer.drop(while: isSpace)
    let trailingCount = text.reversed().prefix(while: isSpace).count
    return text.dropLast(trailingCount).map(ASCII.lowercase)
  }
}
