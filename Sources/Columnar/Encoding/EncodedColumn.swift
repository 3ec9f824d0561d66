// An immutable column of unsigned integers in as few bytes as its own data allows, block by block.
//
// SAFETY: every piece ends with `slackByteCount` bytes beyond its last block, so that unpacking may load whole words;
// headers and pieces agree, because the encoder made both or the reader checked both.

package final class EncodedColumn: Sendable {
  /// Bytes after a piece's payloads that loads may touch and nobody looks at; not on disk.
  static let slackByteCount = 16

  package let rowCount: Int
  package let blocks: [EncodedBlock]
  /// The blocks' payloads. A column that was encoded at once has one piece; each time some of its blocks are replaced,
  /// the new ones come in a piece of their own, and the others go on using theirs.
  let pieces: [[UInt8]]

  /// - Parameter pieces: what the blocks of each add up to, and the slack.
  init(rowCount: Int, blocks: [EncodedBlock], pieces: [[UInt8]]) {
    self.rowCount = rowCount
    self.blocks = blocks
    self.pieces = pieces
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
      rowCount: values.count, blocks: encoder.blocks, pieces: [encoder.exactPayload()])
  }

  /// A column without rows.
  package static var empty: EncodedColumn {
    [UInt32]().withUnsafeBufferPointer { EncodedColumn(encoding: $0) }
  }

  /// The memory the column occupies: payloads and headers.
  package var byteCount: Int {
    pieces.reduce(0) { $0 + $1.count } + blocks.count * MemoryLayout<EncodedBlock>.stride
  }

  /// The bytes of the payload, as they are on disk.
  package var payloadByteCount: Int {
    blocks.indices.reduce(0) { $0 + blocks[$1].payloadByteCount(rowCount: blockRowCount($1)) }
  }

  /// How many values block `index` holds.
  package func blockRowCount(_ index: Int) -> Int {
    min(Limits.blockRowCount, rowCount - index * Limits.blockRowCount)
  }
}
