// Chooses a codec for one block after another and collects headers and payload.

struct ColumnEncoder {
  private let forcing: Encoding?
  private(set) var blocks: [EncodedBlock] = []
  private(set) var payload: [UInt8] = []

  init(forcing encoding: Encoding?) { forcing = encoding }

  /// Encodes one block of 1 to `Limits.blockRowCount` values.
  mutating func append<Value: ColumnWord>(_ values: UnsafeBufferPointer<Value>) {
    let wide = values.map { UInt64($0) }
    let maximum = wide.max() ?? 0
    var block = EncodedBlock(.plain, minimum: wide.min() ?? 0, maximum: maximum)
    block.width = PlainCodec.width(maximum: maximum)
    block.offset = payload.count
    blocks.append(block)
    wide.withUnsafeBufferPointer {
      PlainCodec.encode($0, width: block.width, into: &payload)
    }
  }
}
