// A borrowed run of bytes: the currency of every parser. It owns nothing and copies nothing.
//
// SAFETY: a slice is valid only while the buffer it was cut from is; who hands one out says how long that is.
// Reads are checked in debug builds only, because parsers prove their bounds once per line, not per byte.

@usableFromInline package struct ByteSlice: @unchecked Sendable {
  @usableFromInline package let base: UnsafePointer<UInt8>
  @usableFromInline package let count: Int

  @inlinable package init(_ base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  /// The whole of `buffer`.
  @inlinable package init(_ buffer: UnsafeBufferPointer<UInt8>) {
    self.base = buffer.baseAddress ?? ByteSlice.nowhere
    self.count = buffer.count
  }

  /// The bytes of a constant text.
  package init(text: StaticString) {
    self.init(text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// A slice of no bytes; it stands for "the field is absent" in parsed events.
  @inlinable package static var empty: ByteSlice { ByteSlice(nowhere, count: 0) }

  @inlinable package var isEmpty: Bool { count == 0 }

  @inlinable package subscript(index: Int) -> UInt8 {
    assert(index >= 0 && index < count, "byte \(index) of \(count)")
    return base[index]
  }

  /// The bytes from `start` up to, not including, `end`.
  @inlinable package func slice(from start: Int, to end: Int) -> ByteSlice {
    assert(0 <= start && start <= end && end <= count, "\(start)..<\(end) of \(count)")
    return ByteSlice(base + start, count: end &- start)
  }

  /// The bytes from `start` to the end.
  @inlinable package func suffix(from start: Int) -> ByteSlice { slice(from: start, to: count) }

  @inlinable package var buffer: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base, count: count)
  }

  /// Where `slice` starts, when it was cut from this one.
  @inlinable package func offset(of slice: ByteSlice) -> Int { slice.base - base }

  @usableFromInline nonisolated(unsafe) static let nowhere: UnsafePointer<UInt8> = {
    // SAFETY: one immutable byte that lives for ever, so that an empty slice has an address.
    let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
  }()
}

extension ByteSlice: Equatable {
  @inlinable package static func == (left: ByteSlice, right: ByteSlice) -> Bool {
    left.count == right.count && ByteSearch.areEqual(left.base, right.base, count: left.count)
  }

  /// Whether the bytes are those of `text`; for tests and start-up, not for loops over rows.
  @inlinable package static func == (left: ByteSlice, right: StaticString) -> Bool {
    left.count == right.utf8CodeUnitCount
      && ByteSearch.areEqual(left.base, right.utf8Start, count: left.count)
  }
}

extension ByteSlice {
  /// Byte-wise order, shorter first when one is a prefix of the other.
  package func isOrderedBefore(_ other: ByteSlice) -> Bool {
    let order = ByteSearch.compare(base, other.base, count: min(count, other.count))
    return order == 0 ? count < other.count : order < 0
  }

  /// Whether it begins with `prefix`.
  package func hasPrefix(_ prefix: ByteSlice) -> Bool {
    prefix.count <= count && slice(from: 0, to: prefix.count) == prefix
  }

  /// The bytes as text, with invalid UTF-8 replaced.
  package var text: String { String(decoding: buffer, as: UTF8.self) }

  /// A copy that owns its bytes.
  package var array: [UInt8] { Array(buffer) }
}
