// A segment as a file: one section per column, and one that says how many rows there are.

internal import Base

package enum SegmentFile {
  private static let rowCountSection: UInt32 = 1000

  /// The bytes of the file.
  package static func write(_ segment: Segment) -> [UInt8] {
    var file = SectionFileWriter(kind: .segment)
    var header = ByteWriter()
    header.append(UInt64(segment.rowCount))
    file.append(section: rowCountSection, header.bytes)
    for column in EventColumn.allCases {
      file.append(section: UInt32(column.rawValue), ColumnSection.write(segment[column]))
    }
    return file.finish()
  }

  /// Reads a file; trusts nothing.
  package static func read(_ bytes: [UInt8]) throws(SectionFileError) -> Segment {
    let file = try SectionFileReader(bytes, expecting: .segment)
    let rowCount = try readRowCount(file)
    var columns: [EncodedColumn] = []
    for column in EventColumn.allCases {
      let encoded = try ColumnSection.read(
        try file.read(section: UInt32(column.rawValue)), rowCountMax: Limits.segmentRowCountMax)
      guard encoded.rowCount == rowCount, fits(encoded, column) else {
        throw SectionFileError("column \(column.name) does not fit its segment")
      }
      columns.append(encoded)
    }
    guard isKindSorted(columns[Int(EventColumn.kind.rawValue)]) else {
      throw SectionFileError("a segment whose kinds are not in order")
    }
    return Segment(rowCount: rowCount, columns: columns)
  }

  /// Where the columns are in a file that was read or written, in raw-value order.
  package static func places(_ bytes: [UInt8]) throws(SectionFileError) -> [SectionPlace] {
    let file = try SectionFileReader(bytes, expecting: .segment)
    var places: [SectionPlace] = []
    for column in EventColumn.allCases {
      places.append(try file.place(of: UInt32(column.rawValue)))
    }
    return places
  }

  /// One column, from its bytes in the file; trusts nothing.
  ///
  /// - Parameter blocks: what the column's blocks are; other ones are damage.
  package static func read(
    _ column: EventColumn, from stored: [UInt8], at place: SectionPlace,
    like blocks: [EncodedBlock]
  ) throws(SectionFileError) -> EncodedColumn {
    let payload = try place.payload(of: stored, section: UInt32(column.rawValue))
    let encoded = try ColumnSection.read(payload, rowCountMax: Limits.segmentRowCountMax)
    guard encoded.isMade(of: blocks) else {
      throw SectionFileError("column \(column.name) is not the one that was there")
    }
    return encoded
  }

  private static func readRowCount(_ file: SectionFileReader) throws(SectionFileError) -> Int {
    let payload = try file.read(section: rowCountSection)
    guard payload.count == 8 else {
      throw SectionFileError("a row count of \(payload.count) bytes")
    }
    let count = payload.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= UInt64(Limits.segmentRowCountMax) else {
      throw SectionFileError("a segment of \(count) rows")
    }
    return Int(count)
  }

  /// Whether all values fit the column's width, so that nothing is cut off when they are decoded, and times the
  /// calendar, so that no bucket begins before time does.
  private static func fits(_ encoded: EncodedColumn, _ column: EventColumn) -> Bool {
    let range: ClosedRange<UInt64> =
      switch column {
      case .time:
        TimeBias.store(-Limits.timeMagnitudeMax)...TimeBias.store(Limits.timeMagnitudeMax)
      case .addressHigh, .addressLow, .value, .identity: 0...UInt64.max
      case .kind, .flags, .bounceClass: 0...15
      default: 0...UInt64(UInt32.max)
      }
    return encoded.blocks.allSatisfy {
      range.contains($0.minimum) && range.contains($0.maximum)
    }
  }

  private static func isKindSorted(_ column: EncodedColumn) -> Bool {
    var previous: UInt32 = 0
    for kind in column.decodedCodes() {
      guard kind >= previous, EventKind(rawValue: UInt8(truncatingIfNeeded: kind)) != nil else {
        return false
      }
      previous = kind
    }
    return true
  }
}

/// One encoded column as a section's payload.
package enum ColumnSection {
  package static func write(_ column: EncodedColumn) -> [UInt8] {
    let headers = column.blocks.count * EncodedBlock.headerByteCount
    var writer = ByteWriter(capacity: 16 + headers + column.payloadByteCount)
    column.write(to: &writer)
    return writer.bytes
  }

  package static func read(
    _ payload: [UInt8], rowCountMax: Int
  ) throws(SectionFileError) -> EncodedColumn {
    let result = payload.withUnsafeBufferPointer { buffer in
      Result { () throws(ColumnError) in
        var cursor = ByteCursor(ByteSlice(buffer))
        let column = try EncodedColumn(reading: &cursor, rowCountMax: rowCountMax)
        guard cursor.isAtEnd else { throw ColumnError(.header, offset: cursor.offset) }
        return column
      }
    }
    do {
      return try result.get()
    } catch {
      throw SectionFileError("a column that does not decode: \(error)")
    }
  }
}
