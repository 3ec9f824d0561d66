// An immutable column of unsigned integers in as few bytes as its own data allows, block by block.
//
// SAFETY: `payload` ends with `slackByteCount` bytes beyond the last block, so that unpacking may
// load whole words; headers and payload agree, because the encoder made both or the reader checked
// both.

package final class EncodedColumn: Sendable {
  /// Bytes after the payload that loads may touch and nobody looks at; not on disk.
  static let slackByteCount = 16

  package let rowCount: Int
  package let blocks: [EncodedBlock]
  let payload: [UInt8]

  /// - Parameter payload: what the blocks add up to, and the slack.
  init(rowCount: Int, blocks: [EncodedBlock], payload: [UInt8]) {
    self.rowCount = rowCount
    self.blocks = blocks
    self.payload = payload
  }

  /// A copy of `bytes` with the slack after them, in no more memory than it takes.
  static func padded(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let count = bytes.count + slackByteCount
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      let target = UnsafeMutableRawBufferPointer(buffer)
      target.copyMemory(from: bytes)
      UnsafeMutableRawBufferPointer(rebasing: target[bytes.count..<count])
        .initializeMemory(as: UInt8.self, repeating: 0)
      initializedCount = count
    }
  }

  /// Encodes `values`: every block in the codec that makes it smallest.
  ///
  /// - Parameter forcing: the codec to use wherever it can represent the block, and plain
  /// elsewhere.
  package convenience init(
    encoding values: UnsafeBufferPointer<UInt64>, forcing encoding: Encoding? = nil
  ) {
    self.init(encodingWords: values, forcing: encoding)
  }

  /// Encodes `values`; see the initializer for 64-bit ones.
  package convenience init(
    encoding values: UnsafeBufferPointer<UInt32>, forcing encoding: Encoding? = nil
  ) {
    self.init(encodingWords: values, forcing: encoding)
  }

  private convenience init<Value: ColumnWord>(
    encodingWords values: UnsafeBufferPointer<Value>, forcing encoding: Encoding?
  ) {
    var encoder = ColumnEncoder(forcing: encoding)
    var start = 0
    while start < values.count {
      let end = min(start + Limits.blockRowCount, values.count)
      encoder.append(UnsafeBufferPointer(rebasing: values[start..<end]))
      start = end
    }
    self.init(
      rowCount: values.count, blocks: encoder.blocks, payload: encoder.exactPayload())
  }

  /// The memory the column occupies: payload and headers.
  package var byteCount: Int {
    payload.count + blocks.count * MemoryLayout<EncodedBlock>.stride
  }

  /// The bytes of the payload, as they are on disk.
  package var payloadByteCount: Int { payload.count - EncodedColumn.slackByteCount }

  /// How many values block `index` holds.
  package func blockRowCount(_ index: Int) -> Int {
    min(Limits.blockRowCount, rowCount - index * Limits.blockRowCount)
  }
}
