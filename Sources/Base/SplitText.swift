// A text in two pieces, the second of which other texts may share: what follows the `@` of most addresses is what
// follows that of many others. A text in one piece has nothing behind its head.
//
// SAFETY: both pieces are slices, valid as long as what they were cut from.

@usableFromInline package struct SplitText: Sendable {
  @usableFromInline package let head: ByteSlice
  @usableFromInline package let tail: ByteSlice

  @inlinable package init(_ head: ByteSlice, _ tail: ByteSlice = .empty) {
    self.head = head
    self.tail = tail
  }

  @inlinable package var count: Int { head.count &+ tail.count }

  @inlinable package subscript(index: Int) -> UInt8 {
    index < head.count ? head[index] : tail[index &- head.count]
  }

  /// Whether both pieces together are `whole`.
  @inlinable package static func == (text: SplitText, whole: ByteSlice) -> Bool {
    text.count == whole.count
      && ByteSearch.areEqual(text.head.base, whole.base, count: text.head.count)
      && ByteSearch.areEqual(
        text.tail.base, whole.base + text.head.count, count: text.tail.count)
  }

  /// Calls `body` with the whole text, which is valid meanwhile.
  @inlinable package func withBytes<Result>(_ body: (ByteSlice) -> Result) -> Result {
    if tail.isEmpty { return body(head) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { whole in
      copy(to: whole)
      return body(ByteSlice(UnsafeBufferPointer(whole)))
    }
  }

  /// Writes the text to where there is room for it.
  @inlinable package func copy(to target: UnsafeMutableBufferPointer<UInt8>) {
    precondition(target.count >= count)
    guard let base = target.baseAddress else { return }
    base.update(from: head.base, count: head.count)
    (base + head.count).update(from: tail.base, count: tail.count)
  }

  /// Byte-wise order, shorter first when one begins with the other: negative when this text comes first, 0 when both
  /// are equal.
  package func order(beside other: SplitText) -> Int {
    let headCount = min(head.count, other.head.count)
    let order = ByteSearch.compare(head.base, other.head.base, count: headCount)
    if order != 0 { return Int(order) }
    for index in headCount..<max(headCount, min(count, other.count)) {
      let (byte, otherByte) = (self[index], other[index])
      if byte != otherByte { return byte < otherByte ? -1 : 1 }
    }
    return count - other.count
  }

  /// See `Hash.of`.
  package var hash: UInt64 { withBytes { Hash.of($0) } }

  /// See `Hash.keyed`.
  package var keyedHash: UInt64 { withBytes { Hash.keyed($0) } }

  /// The bytes as text, with invalid UTF-8 replaced.
  package var text: String { withBytes(\.text) }

  /// A copy that owns its bytes.
  package var array: [UInt8] { withBytes(\.array) }
}
