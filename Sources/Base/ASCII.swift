// Named byte constants and byte classes, so that no other file spells a character as a number.

package enum ASCII {
  package static let tab: UInt8 = 0x09
  package static let newline: UInt8 = 0x0A
  package static let carriageReturn: UInt8 = 0x0D
  package static let space: UInt8 = 0x20
  package static let quote: UInt8 = 0x22
  package static let hash: UInt8 = 0x23
  package static let percent: UInt8 = 0x25
  package static let ampersand: UInt8 = 0x26
  package static let apostrophe: UInt8 = 0x27
  package static let plus: UInt8 = 0x2B
  package static let comma: UInt8 = 0x2C
  package static let minus: UInt8 = 0x2D
  package static let dot: UInt8 = 0x2E
  package static let slash: UInt8 = 0x2F
  package static let zero: UInt8 = 0x30
  package static let nine: UInt8 = 0x39
  package static let colon: UInt8 = 0x3A
  package static let semicolon: UInt8 = 0x3B
  package static let equals: UInt8 = 0x3D
  package static let questionMark: UInt8 = 0x3F
  package static let at: UInt8 = 0x40
  package static let openBracket: UInt8 = 0x5B
  package static let backslash: UInt8 = 0x5C
  package static let closeBracket: UInt8 = 0x5D
  package static let underscore: UInt8 = 0x5F
  package static let openBrace: UInt8 = 0x7B
  package static let closeBrace: UInt8 = 0x7D
  package static let delete: UInt8 = 0x7F

  /// Whether `byte` is one of `0`-`9`.
  @inlinable package static func isDigit(_ byte: UInt8) -> Bool { byte &- zero <= 9 }

  /// Whether `byte` is an ASCII letter.
  @inlinable package static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 <= 25 }

  /// `byte` with `A`-`Z` turned into `a`-`z`.
  @inlinable package static func lowercase(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 <= 25 ? byte | 0x20 : byte
  }

  /// The value of a hexadecimal digit in either case, or nil.
  @inlinable package static func hexValue(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte &- zero }
    let letter = (byte | 0x20) &- 0x61
    return letter <= 5 ? letter &+ 10 : nil
  }
}
