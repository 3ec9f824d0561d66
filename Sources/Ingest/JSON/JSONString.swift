// Undoing the escapes of a JSON string: `\n`, `\"`, `\u00e9`, surrogate pairs.
//
// SAFETY: an escape is never shorter than what it stands for, so the output fits into as many bytes
// as the input has; that much room is asked for first.

package import Base

package enum JSONString {
  /// The text of a string given without its quotes, or nil for an escape that is none.
  ///
  /// A surrogate without its partner becomes U+FFFD. Bytes that are no UTF-8 are kept.
  package static func unescape(_ raw: ByteSlice, into scratch: LineScratch) -> ByteSlice? {
    guard let output = scratch.room(for: raw.count) else { return nil }
    var written = 0
    var index = 0
    while index < raw.count {
      let byte = raw.base[index]
      guard byte == ASCII.backslash else {
        output[written] = byte
        written &+= 1
        index &+= 1
        continue
      }
      guard index &+ 1 < raw.count else { return nil }
      let letter = raw.base[index &+ 1]
      if letter == UInt8(ascii: "u") {
        guard let (scalar, next) = readScalar(raw, at: index) else { return nil }
        written &+= encode(scalar, at: output + written)
        index = next
      } else {
        guard let plain = plainByte(letter) else { return nil }
        output[written] = plain
        written &+= 1
        index &+= 2
      }
    }
    return scratch.commit(written)
  }

  private static func plainByte(_ letter: UInt8) -> UInt8? {
    switch letter {
    case ASCII.quote, ASCII.backslash, ASCII.slash: letter
    case UInt8(ascii: "n"): ASCII.newline
    case UInt8(ascii: "t"): ASCII.tab
    case UInt8(ascii: "r"): ASCII.carriageReturn
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    default: nil
    }
  }

  /// The code point of the escape by four digits (or pair of them) at `index`, and the index behind it.
  private static func readScalar(_ raw: ByteSlice, at index: Int) -> (UInt32, Int)? {
    guard let first = readUnit(raw, at: index) else { return nil }
    let next = index &+ 6
    switch first {
    case 0xD800...0xDBFF:
      guard next < raw.count, raw.base[next] == ASCII.backslash, next &+ 1 < raw.count,
        raw.base[next &+ 1] == UInt8(ascii: "u")
      else { return (0xFFFD, next) }
      guard let second = readUnit(raw, at: next) else { return nil }
      guard (0xDC00...0xDFFF).contains(second) else { return (0xFFFD, next) }
      return (0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF), next &+ 6)
    case 0xDC00...0xDFFF: return (0xFFFD, next)
    default: return (first, next)
    }
  }

  private static func readUnit(_ raw: ByteSlice, at index: Int) -> UInt32? {
    guard index &+ 6 <= raw.count else { return nil }
    var unit: UInt32 = 0
    for offset in 2..<6 {
      guard let digit = ASCII.hexValue(raw.base[index &+ offset]) else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// Writes the scalar as UTF-8; returns how many bytes that took.
  private static func encode(_ scalar: UInt32, at output: UnsafeMutablePointer<UInt8>) -> Int {
    switch scalar {
    case 0..<0x80:
      output[0] = UInt8(scalar)
      return 1
    case 0x80..<0x800:
      output[0] = UInt8(0xC0 | scalar >> 6)
      output[1] = UInt8(0x80 | scalar & 0x3F)
      return 2
    case 0x800..<0x10000:
      output[0] = UInt8(0xE0 | scalar >> 12)
      output[1] = UInt8(0x80 | scalar >> 6 & 0x3F)
      output[2] = UInt8(0x80 | scalar & 0x3F)
      return 3
    default:
      output[0] = UInt8(0xF0 | scalar >> 18)
      output[1] = UInt8(0x80 | scalar >> 12 & 0x3F)
      output[2] = UInt8(0x80 | scalar >> 6 & 0x3F)
      output[3] = UInt8(0x80 | scalar & 0x3F)
      return 4
    }
  }
}
