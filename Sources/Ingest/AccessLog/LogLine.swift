// The first and the last step that all access-log parsers share: is there a line at all, and which
// part of a quoted request is its target.
//
// SAFETY: offsets are compared with the slice's count, or with an end the caller vouches for.

internal import Base

enum LogLine {
  /// The line without a carriage return at its end.
  @inline(__always)
  static func trim(_ line: ByteSlice) -> ByteSlice {
    guard line.count > 0, line.base[line.count &- 1] == ASCII.carriageReturn else { return line }
    return line.slice(from: 0, to: line.count &- 1)
  }

  /// The outcome of a line that needs no reading: too long, empty or a comment.
  @inline(__always)
  static func outcomeWithoutReading(_ line: ByteSlice) -> LineOutcome? {
    guard line.count <= Limits.lineByteCountMax else { return .rejected(.tooLong) }
    guard line.count > 0, line.base[0] != ASCII.hash else { return .ignored(.comment) }
    return nil
  }

  /// The method and the target of a request line that lies at `start..<end` of `text`.
  @inline(__always)
  static func splitRequest(
    _ text: ByteSlice, from start: Int, to end: Int
  ) -> (HitMethods, HitTarget) {
    let methodEnd = min(ByteScan.index(of: ASCII.space, in: text, from: start), end)
    let targetStart = min(methodEnd &+ 1, end)
    let targetEnd = min(ByteScan.index(of: ASCII.space, in: text, from: targetStart), end)
    return (
      method(text.base + start, count: methodEnd &- start),
      HitTarget(text: text, start: targetStart, end: targetEnd)
    )
  }

  /// The method with this name, or the empty set for one that no route can name.
  @inline(__always)
  static func method(_ name: UnsafePointer<UInt8>, count: Int) -> HitMethods {
    guard count == 3 || count == 4 else { return [] }
    let raw = UnsafeRawPointer(name)
    let start = UInt32(raw.loadUnaligned(as: UInt16.self))
    let end = UInt32(raw.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self))
    switch start | end << 16 {
    case word("G", "E", "E", "T"): return count == 3 ? .get : []
    case word("P", "U", "U", "T"): return count == 3 ? .put : []
    case word("H", "E", "A", "D"): return .head
    case word("P", "O", "S", "T"): return .post
    default: return []
    }
  }

  /// Four letters as a word in memory has them.
  @inline(__always)
  private static func word(
    _ first: Unicode.Scalar, _ second: Unicode.Scalar, _ third: Unicode.Scalar,
    _ fourth: Unicode.Scalar
  ) -> UInt32 {
    first.value | second.value << 8 | third.value << 16 | fourth.value << 24
  }

  /// The status that exactly three digits at `index` of `text` stand for; nil if they are none.
  @inline(__always)
  static func status(_ text: ByteSlice, at index: Int) -> Int? {
    guard index &+ 3 <= text.count else { return nil }
    let hundreds = text.base[index] &- ASCII.zero
    let tens = text.base[index &+ 1] &- ASCII.zero
    let ones = text.base[index &+ 2] &- ASCII.zero
    guard hundreds <= 9, tens <= 9, ones <= 9 else { return nil }
    return Int(hundreds) &* 100 &+ Int(tens) &* 10 &+ Int(ones)
  }

  /// The target with the escapes of quoted fields undone. Nil: the scratch is full.
  @inline(never)
  static func unescape(
    _ target: HitTarget, into scratch: LineScratch
  ) -> (target: HitTarget, isBroken: Bool)? {
    let raw = target.text.slice(from: target.start, to: target.end)
    guard ByteScan.index(of: ASCII.backslash, in: raw, from: 0) < raw.count else {
      return (target, false)
    }
    guard let plain = LogEscape.unescape(raw, into: scratch) else { return nil }
    return (HitTarget(text: plain.text, start: 0, end: plain.text.count), plain.isBroken)
  }
}
