// Reads little-endian integers and runs of bytes from a slice, in order, trusting nothing: a read
// past the end is an error that says where, never a trap.
//
// SAFETY: every read first proves that its bytes lie inside the slice; whoever made the slice keeps
// it valid.

package struct ByteCursor {
  /// Why a read failed.
  package struct Failure: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
      /// Fewer bytes are left than the value takes.
      case missing
      /// A varint of more than 64 bits, or one with needless zero groups.
      case varint
    }

    package let reason: Reason
    /// Where the value starts, in bytes from the start of the slice.
    package let offset: Int

    package init(_ reason: Reason, offset: Int) {
      self.reason = reason
      self.offset = offset
    }
  }

  private let slice: ByteSlice
  /// How many bytes were read so far.
  package private(set) var offset = 0

  package init(_ slice: ByteSlice) { self.slice = slice }

  /// How many bytes are left.
  package var remaining: Int { slice.count &- offset }

  package var isAtEnd: Bool { remaining == 0 }

  /// Reads one integer of the type asked for.
  package mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) throws(Failure) -> Value {
    let start = try advance(by: MemoryLayout<Value>.size)
    let raw = UnsafeRawPointer(slice.base + start)
    return Value(littleEndian: raw.loadUnaligned(as: Value.self))
  }

  /// Reads an integer that `ByteWriter.appendVarint` wrote. Only the shortest form is valid.
  package mutating func readVarint() throws(Failure) -> UInt64 {
    let start = offset
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard offset < slice.count else { throw fail(.missing, at: start) }
      let byte = slice.base[offset]
      offset &+= 1
      // The tenth byte holds the 64th bit alone; a last byte of zero would say nothing.
      guard shift < 63 || byte <= 1, shift == 0 || byte != 0 else { throw fail(.varint, at: start) }
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
  }

  /// Cuts the next `count` bytes; the result is valid as long as the cursor's slice is.
  package mutating func readSlice(count: Int) throws(Failure) -> ByteSlice {
    let start = try advance(by: count)
    return slice.slice(from: start, to: offset)
  }

  /// Steps over `count` bytes.
  package mutating func skip(count: Int) throws(Failure) { _ = try advance(by: count) }

  private mutating func advance(by count: Int) throws(Failure) -> Int {
    let start = offset
    guard count >= 0, count <= remaining else { throw Failure(.missing, offset: start) }
    offset = start &+ count
    return start
  }

  /// Puts the cursor back to where the value starts, so that a failed read consumes nothing.
  private mutating func fail(_ reason: Failure.Reason, at start: Int) -> Failure {
    offset = start
    return Failure(reason, offset: start)
  }
}

extension ByteCursor.Failure: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .missing: "it ends too early, at byte \(offset)"
    case .varint: "a number that is not in its shortest form, at byte \(offset)"
    }
  }
}
