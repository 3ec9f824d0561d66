// A growing run of bytes that integers are appended to, little-endian: how everything that goes to
// disk is written.

package struct ByteWriter: Sendable {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// A writer with room for `capacity` bytes before it has to grow.
  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  package var count: Int { bytes.count }

  /// Appends one byte.
  package mutating func append(_ byte: UInt8) { bytes.append(byte) }

  /// Appends an integer, least significant byte first.
  package mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends a copy of the bytes of `slice`.
  package mutating func append(_ slice: ByteSlice) { bytes.append(contentsOf: slice.buffer) }

  /// Appends a copy of `other`.
  package mutating func append(contentsOf other: [UInt8]) { bytes.append(contentsOf: other) }

  /// Appends a copy of raw memory that is valid during the call.
  package mutating func append(contentsOf buffer: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: buffer)
  }

  /// Replaces the integer at `offset`, which must have been written before; for counts known only
  /// at the end.
  package mutating func overwrite<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, with value: Value
  ) {
    precondition(offset >= 0 && offset <= bytes.count - MemoryLayout<Value>.size)
    // SAFETY: the precondition keeps the store inside the bytes written.
    bytes.withUnsafeMutableBytes {
      $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }
  }

  /// Forgets what was written and keeps the memory.
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Lends the bytes as a slice that is valid during `body`.
  package func withSlice<Result, Failure: Error>(
    _ body: (ByteSlice) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // SAFETY: the array outlives `body`, and the slice covers exactly its elements.
    try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in try body(ByteSlice(buffer)) }
  }
}
