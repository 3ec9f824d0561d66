// One value as 64 bits, as vectors and frames hold it: integers, decimals, times and intervals as they are, numbers as
// their bits, booleans as 0 or 1, texts as codes of a pool. What NULL is stands beside it.

enum Cell {
  @inline(__always)
  static func word(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) }

  /// Both zeros have the same word, so that equal numbers have equal words.
  @inline(__always)
  static func word(_ value: Double) -> UInt64 { value == 0 ? 0 : value.bitPattern }

  @inline(__always)
  static func word(_ value: Bool) -> UInt64 { value ? 1 : 0 }

  @inline(__always)
  static func integer(_ word: UInt64) -> Int64 { Int64(bitPattern: word) }

  @inline(__always)
  static func number(_ word: UInt64) -> Double { Double(bitPattern: word) }

  /// A group key's code: never 0, which is NULL's. The smallest Int64 has none, and no result is that small.
  @inline(__always)
  static func key(_ word: UInt64, _ type: TermType) -> Code {
    switch type {
    case .text: word
    case .boolean, .null: word &+ 1
    case .number: word &+ 1
    default: (word << 1 ^ UInt64(bitPattern: Int64(bitPattern: word) >> 63)) &+ 1
    }
  }

  /// The word of a group key's code other than 0.
  @inline(__always)
  static func word(ofKey code: Code, _ type: TermType) -> UInt64 {
    switch type {
    case .text: return code
    case .boolean, .null, .number: return code &- 1
    default:
      let zigzag = code &- 1
      return zigzag >> 1 ^ (0 &- (zigzag & 1))
    }
  }

  /// Negative when `left` is smaller. Texts are not compared here.
  @inline(__always)
  static func order(_ left: UInt64, _ right: UInt64, _ type: TermType) -> Int {
    if type == .number {
      let (a, b) = (number(left), number(right))
      return a < b ? -1 : a == b ? 0 : 1
    }
    let (a, b) = (integer(left), integer(right))
    return a < b ? -1 : a == b ? 0 : 1
  }
}
