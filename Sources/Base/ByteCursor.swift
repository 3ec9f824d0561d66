// Reads little-endian integers and runs of bytes from a slice, in order, trusting nothing: a read
// past the end is an error that says where, never a trap.
//
// SAFETY: every read first proves that its bytes lie inside the slice; whoever made the slice keeps
// it valid.

package struct ByteCursor {
  /// Fewer bytes are left than a value takes.
  package struct Failure: Error, Equatable, Sendable {
    /// Where the value starts, in bytes from the start of the slice.
    package let offset: Int

    package init(offset: Int) { self.offset = offset }
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

  /// Cuts the next `count` bytes; the result is valid as long as the cursor's slice is.
  package mutating func readSlice(count: Int) throws(Failure) -> ByteSlice {
    let start = try advance(by: count)
    return slice.slice(from: start, to: offset)
  }

  /// Steps over `count` bytes.
  package mutating func skip(count: Int) throws(Failure) { _ = try advance(by: count) }

  private mutating func advance(by count: Int) throws(Failure) -> Int {
    let start = offset
    guard count >= 0, count <= remaining else { throw Failure(offset: start) }
    offset = start &+ count
    return start
  }
}

extension ByteCursor.Failure: CustomStringConvertible {
  package var description: String { "it ends too early, at byte \(offset)" }
}
