// Steps through bytes that are UTF-8 or claim to be: one valid character or one invalid stretch at
// a time.

package import Base

/// What stands at one place of the bytes.
package enum UTF8Step: Equatable, Sendable {
  case scalar(UInt32, byteCount: Int)
  /// The longest start of a character that never becomes one (what U+FFFD stands for, once), at
  /// least one byte.
  case invalid(byteCount: Int)

  package var byteCount: Int {
    switch self {
    case .scalar(_, let byteCount), .invalid(let byteCount): byteCount
    }
  }
}

package enum UTF8Scan {
  /// What stands at `offset`, which must be inside `bytes`.
  package static func step(in bytes: ByteSlice, at offset: Int) -> UTF8Step {
    let lead = bytes[offset]
    if lead < 0x80 { return .scalar(UInt32(lead), byteCount: 1) }
    guard let (byteCount, second) = shape(of: lead) else { return .invalid(byteCount: 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(byteCount))
    for index in 1..<byteCount {
      guard offset + index < bytes.count else { return .invalid(byteCount: index) }
      let byte = bytes[offset + index]
      guard (index == 1 ? second : 0x80...0xBF).contains(byte) else {
        return .invalid(byteCount: index)
      }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return .scalar(value, byteCount: byteCount)
  }

  /// Length and possible second bytes of a character that starts with `lead`; nil when none does.
  /// The ranges exclude overlong forms, surrogates and values above U+10FFFF (Unicode, table 3-7).
  private static func shape(of lead: UInt8) -> (byteCount: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }

  /// `text` without the byte order mark that some editors begin files with.
  package static func unmarked(_ text: [UInt8]) -> [UInt8] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return text.starts(with: mark) ? Array(text.dropFirst(mark.count)) : text
  }

  /// The first stretch that is no UTF-8, or nil.
  package static func firstInvalidRange(in bytes: ByteSlice) -> Range<Int>? {
    var offset = 0
    while offset < bytes.count {
      let step = step(in: bytes, at: offset)
      if case .invalid(let byteCount) = step { return offset..<offset + byteCount }
      offset += step.byteCount
    }
    return nil
  }
}
