// Undoing what servers do to the bytes they log, and what clients do to the bytes they send.
//
// SAFETY: no escape is shorter than what it stands for, so the output needs at most the input's
// room, which is asked for first; input indices are compared with the count.

internal import Base
internal import CKernels

/// Unescaped bytes, and whether something in them looked like an escape but was none (it is kept).
struct Unescaped {
  var text: ByteSlice
  var isBroken: Bool
}

enum LogEscape {
  /// Undoes `\xHH`, `\"`, `\\`, `\n` and their like: Apache's and nginx's escaping of quoted
  /// fields. Nil: the scratch is full.
  @inline(never)
  static func unescape(_ raw: ByteSlice, into scratch: LineScratch) -> Unescaped? {
    guard let output = scratch.room(for: raw.count) else { return nil }
    var written = 0
    var index = 0
    var isBroken = false
    while index < raw.count {
      var byte = raw.base[index]
      var count = 1
      if byte == ASCII.backslash {
        if let (plain, escapeCount) = readEscape(raw, at: index) {
          byte = plain
          count = escapeCount
        } else {
          isBroken = true
        }
      }
      output[written] = byte
      written &+= 1
      index &+= count
    }
    return Unescaped(text: scratch.commit(written), isBroken: isBroken)
  }

  private static func readEscape(_ raw: ByteSlice, at index: Int) -> (UInt8, Int)? {
    guard index &+ 1 < raw.count else { return nil }
    switch raw.base[index &+ 1] {
    case UInt8(ascii: "x"):
      guard let byte = readHex(raw, at: index &+ 2) else { return nil }
      return (byte, 4)
    case ASCII.quote: return (ASCII.quote, 2)
    case ASCII.backslash: return (ASCII.backslash, 2)
    case UInt8(ascii: "b"): return (0x08, 2)
    case UInt8(ascii: "t"): return (ASCII.tab, 2)
    case UInt8(ascii: "n"): return (ASCII.newline, 2)
    case UInt8(ascii: "v"): return (0x0B, 2)
    case UInt8(ascii: "f"): return (0x0C, 2)
    case UInt8(ascii: "r"): return (ASCII.carriageReturn, 2)
    default: return nil
    }
  }

  /// The byte that two hexadecimal digits at `index` stand for.
  @inline(__always)
  static func readHex(_ raw: ByteSlice, at index: Int) -> UInt8? {
    guard index &+ 2 <= raw.count, let high = ASCII.hexValue(raw.base[index]),
      let low = ASCII.hexValue(raw.base[index &+ 1])
    else { return nil }
    return high << 4 | low
  }
}

enum PercentEscape {
  /// Undoes `%HH`, and turns `+` into a space where `plusIsSpace`. Nil: the scratch is full.
  @inline(never)
  static func unescape(
    _ raw: ByteSlice, plusIsSpace: Bool, into scratch: LineScratch
  ) -> Unescaped? {
    guard let output = scratch.room(for: raw.count) else { return nil }
    var written = 0
    var index = 0
    var isBroken = false
    while true {
      // Escapes are few: what is between them is copied whole.
      let next = ByteScan.index(
        of: ASCII.percent, or: plusIsSpace ? ASCII.plus : ASCII.percent, in: raw, from: index)
      beacon_copy(output + written, raw.base + index, next &- index)
      written &+= next &- index
      guard next < raw.count else { break }
      var byte = raw.base[next]
      index = next &+ 1
      if byte == ASCII.plus {
        byte = ASCII.space
      } else if let plain = LogEscape.readHex(raw, at: index) {
        byte = plain
        index &+= 2
      } else {
        isBroken = true
      }
      output[written] = byte
      written &+= 1
    }
    return Unescaped(text: scratch.commit(written), isBroken: isBroken)
  }
}
