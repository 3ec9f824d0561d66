// Integers of 0 to 64 bits each, without gaps between them.

enum BitPacking {
  /// How many integers one interleaved group holds.
  static let groupCount = 128

  /// The bytes that `count` integers of `width` bits take.
  static func byteCount(_ count: Int, width: UInt8) -> Int {
    let bits = Int(width)
    guard bits <= 32 else { return (count * bits + 7) / 8 }
    let rest = count % groupCount
    return (count - rest) * bits / 8 + (rest * bits + 7) / 8
  }
}
