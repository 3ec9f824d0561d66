// The attributes of one file by name, in the order in which they turned up.

internal import Base

struct AttributeColumns {
  /// Names as queries write them, without the owner and the dot.
  private(set) var names: [String] = []

  /// The column called `raw` once normalised, added if it is new.
  ///
  /// - Throws: `attributeName` if no query could name it, `tooManyColumns`.
  mutating func column(named raw: ByteSlice) throws(EventFileError) -> Int {
    let name = try AttributeColumns.normalize(raw)
    if let index = names.firstIndex(of: name) { return index }
    guard names.count < Limits.columnCountMax else { throw .tooManyColumns }
    names.append(name)
    return names.count - 1
  }

  private static func normalize(_ raw: ByteSlice) throws(EventFileError) -> String {
    let name = HeaderName.normalized(raw).map { byte in
      byte == ASCII.space || byte == ASCII.minus || byte == ASCII.dot ? ASCII.underscore : byte
    }
    let isPlain = name.allSatisfy { byte in
      ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.underscore
    }
    guard let first = name.first, isPlain, !ASCII.isDigit(first),
      name.count <= Limits.attributeNameByteCountMax
    else { throw .attributeName(raw.text) }
    return String(decoding: name, as: UTF8.self)
  }
}
