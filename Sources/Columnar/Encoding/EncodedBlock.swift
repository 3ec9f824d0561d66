// The header of one encoded block: what decodes it, and its zone map. On disk (all integers
// little-endian):
//
//     ┌─────────────┬──────────┬───────────────┬─────────┬────────────────┐
//     │ encoding u8 │ width u8 │ entryWidth u8 │ zero u8 │ entryCount u32 │ ...
//     └─────────────┴──────────┴───────────────┴─────────┴────────────────┘
//         ┌─────────────┬─────────────┬──────────┬──────────┬───────────┐
//     ... │ minimum u64 │ maximum u64 │ base u64 │ step u64 │ scale u64 │
//         └─────────────┴─────────────┴──────────┴──────────┴───────────┘
//
// docs/formats/segment.md says what the fields mean and which headers are valid.
//
// SAFETY: `contains` reads below the count of the values it is handed.

package import Base

package struct EncodedBlock: Equatable, Sendable {
  package static let headerByteCount = 48
  package static let runCountMax = Limits.blockRowCount
  package static let dictionaryEntryCountMax = 1024

  package var encoding: Encoding
  /// Bits of a packed value, code or run length; of a plain value; of the shorter group at the end.
  package var width: UInt8 = 0
  /// Bits of a run's or a dictionary's value.
  package var entryWidth: UInt8 = 0
  /// Runs, or values in the dictionary, or the bits of all whole groups' widths together.
  package var entryCount: UInt16 = 0
  /// Which of the column's pieces holds the payload; not on disk.
  package var piece: UInt16 = 0
  /// The smallest value of the block.
  package var minimum: UInt64
  /// The largest value of the block.
  package var maximum: UInt64
  package var base: UInt64
  package var step: UInt64 = 0
  package var scale: UInt64 = 1
  /// Where the block's payload starts in its piece, in bytes; not on disk.
  package var offset = 0

  package init(_ encoding: Encoding, minimum: UInt64, maximum: UInt64) {
    self.encoding = encoding
    self.minimum = minimum
    self.maximum = maximum
    base = encoding == .plain ? 0 : minimum
  }

  /// The bytes of the payload of a block of `rowCount` rows; it follows from the header alone.
  package func payloadByteCount(rowCount: Int) -> Int {
    switch encoding {
    case .plain: rowCount * Int(width) / 8
    case .constant: 0
    case .bitPacked, .delta: BitPacking.byteCount(rowCount, width: width)
    case .runLength: BitPacking.byteCount(Int(entryCount), width: width) + entryByteCount
    case .dictionary: BitPacking.byteCount(rowCount, width: width) + entryByteCount
    case .groupedDelta:
      GroupedDeltaCodec.byteCount(rowCount, widthSum: Int(entryCount), restWidth: width)
    }
  }

  /// The bytes of the packed values of runs or dictionary, which come first in the payload.
  package var entryByteCount: Int { BitPacking.byteCount(Int(entryCount), width: entryWidth) }
}

extension EncodedBlock {
  /// Whether all `values` lie between the minimum and the maximum.
  func contains(_ values: UnsafeBufferPointer<UInt64>) -> Bool {
    let (minimum, range) = (minimum, maximum &- minimum)
    guard range < 1 << 63 else { return values.allSatisfy { minimum <= $0 && $0 <= maximum } }
    // A distance that is out of range has its own top bit set, or that of what it leaves of the
    // range.
    var (outside, row): (UInt64, Int) = (0, 0)
    while row < values.count {
      let distance = values[row] &- minimum
      outside |= distance | (range &- distance)
      row &+= 1
    }
    return outside >> 63 == 0
  }
}

extension EncodedBlock {
  package func write(to writer: inout ByteWriter) {
    writer.append(encoding.rawValue)
    writer.append(width)
    writer.append(entryWidth)
    writer.append(0 as UInt8)
    writer.append(UInt32(entryCount))
    for field in [minimum, maximum, base, step, scale] { writer.append(field) }
  }

  /// Reads a header and checks rules 2 to 5 of the format, for a block of `rowCount` rows.
  package init(reading cursor: inout ByteCursor, rowCount: Int) throws(ColumnError) {
    let start = cursor.offset
    let number: UInt8 = try cursor.field()
    guard let encoding = Encoding(rawValue: number) else {
      throw ColumnError(.encoding, offset: start)
    }
    let widths: (UInt8, UInt8, UInt8) = (
      try cursor.field(), try cursor.field(), try cursor.field()
    )
    let entryCount: UInt32 = try cursor.field()
    let minimum: UInt64 = try cursor.field()
    self.init(encoding, minimum: minimum, maximum: try cursor.field())
    (width, entryWidth) = (widths.0, widths.1)
    (base, step, scale) = (try cursor.field(), try cursor.field(), try cursor.field())
    guard widths.2 == 0, entryCount <= EncodedBlock.runCountMax else {
      throw ColumnError(.header, offset: start)
    }
    self.entryCount = UInt16(entryCount)
    guard isValid(rowCount: rowCount) else { throw ColumnError(.header, offset: start) }
  }

  private func isValid(rowCount: Int) -> Bool {
    guard minimum <= maximum, scale >= 1, width <= 64, entryWidth <= 64 else { return false }
    guard step == 0 || isOfDifferences, base == minimum || !hasMinimumAsBase else {
      return false
    }
    switch encoding {
    case .plain:
      return [8, 16, 32, 64].contains(width) && base == 0 && scale == 1 && hasNoEntries
    case .constant: return width == 0 && minimum == maximum && scale == 1 && hasNoEntries
    case .bitPacked, .delta: return hasNoEntries
    case .runLength: return width <= 12 && (1...rowCount).contains(Int(entryCount))
    case .dictionary:
      return width <= 10 && (1...EncodedBlock.dictionaryEntryCountMax).contains(Int(entryCount))
    case .groupedDelta:
      let widest = Int(BitPacking.laneWidthMax)
      return Int(width) <= (rowCount % BitPacking.groupCount == 0 ? 0 : widest)
        && Int(entryCount) <= widest * (rowCount / BitPacking.groupCount) && entryWidth == 0
    }
  }

  private var hasMinimumAsBase: Bool { !isOfDifferences && encoding != .plain }

  private var isOfDifferences: Bool { encoding == .delta || encoding == .groupedDelta }

  private var hasNoEntries: Bool { entryCount == 0 && entryWidth == 0 }
}

extension ByteCursor {
  /// Reads one integer of a column.
  mutating func field<Value: FixedWidthInteger & BitwiseCopyable>() throws(ColumnError) -> Value {
    do throws(ByteCursor.Failure) {
      return try read(Value.self)
    } catch {
      throw ColumnError(.truncated, offset: error.offset)
    }
  }

  /// Cuts a run of bytes of a column.
  mutating func run(count: Int) throws(ColumnError) -> ByteSlice {
    do throws(ByteCursor.Failure) {
      return try readSlice(count: count)
    } catch {
      throw ColumnError(.truncated, offset: error.offset)
    }
  }
}
