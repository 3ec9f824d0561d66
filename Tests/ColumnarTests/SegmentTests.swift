import Base
import Columnar
import TestSupport
import Testing

@Suite("Segments")
struct SegmentTests {
  @Test("sealing keeps every row once, sorted by kind", arguments: CodecTests.choices)
  func sealing(_ encoding: Encoding?) {
    forAll(count: 4) { random, seed in
      let count = random.pick([0, 1, 2, 100, 4096, 4097, 9000])
      let rows = StorageSamples.rows(&random, count: count)
      let segment = StorageSamples.seal(rows, forcing: encoding)
      #expect(segment.rowCount == count, "\(seed)")
      #expect(SegmentTests.multiset(segment) == SegmentTests.multiset(rows), "\(seed)")
      SegmentTests.checkKinds(segment, rows, seed)
    }
  }

  @Test("a builder starts again empty, and times at the ends of their range survive")
  func reuse() {
    var builder = SegmentBuilder(rowCountMax: 4)
    for round in 0..<3 {
      var rows: [EventRow] = []
      for time in [Int64.max, Int64.min + 1, 0, Int64(round)] {
        var row = EventRow()
        row.kind = EventKind.opened.rawValue
        row.time = time
        rows.append(row)
        let wasFull = builder.isFull
        #expect(!wasFull)
        builder.append(row)
      }
      let isFull = builder.isFull
      #expect(isFull)
      let segment = builder.seal()
      #expect(SegmentTests.multiset(segment) == SegmentTests.multiset(rows))
      let left = builder.rowCount
      #expect(left == 0)
    }
  }

  @Test("a segment's file reads back")
  func roundTrip() throws {
    try forAll(count: 6) { random, seed in
      let rows = StorageSamples.rows(&random, count: random.pick([0, 1, 50, 5000]))
      let bytes = SegmentFile.write(StorageSamples.seal(rows))
      let segment = try SegmentFile.read(bytes)
      #expect(SegmentTests.multiset(segment) == SegmentTests.multiset(rows), "\(seed)")
      #expect(SegmentFile.write(segment) == bytes, "\(seed)")
    }
  }

  @Test("a segment's file with any bit flipped, cut short or without a section is an error")
  func damage() throws {
    var random = PRNG(seed: 5)
    let bytes = SegmentFile.write(StorageSamples.seal(StorageSamples.rows(&random, count: 20)))
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SectionFileError.self, "bit \(bit)") { try SegmentFile.read(damaged) }
    }
    for count in 0..<bytes.count {
      #expect(throws: SectionFileError.self) { try SegmentFile.read(Array(bytes.prefix(count))) }
    }
    let parts = try Dissection(bytes, .segment)
    #expect(parts.sections.count == EventColumn.allCases.count + 1)
    for index in parts.sections.indices {
      var fewer = parts
      fewer.sections.remove(at: index)
      #expect(throws: SectionFileError.self) { try SegmentFile.read(fewer.bytes) }
    }
  }

  @Test("columns that do not fit a segment are refused though every checksum is right")
  func contradictions() throws {
    var random = PRNG(seed: 6)
    let rows = StorageSamples.rows(&random, count: 30)
    let parts = try Dissection(SegmentFile.write(StorageSamples.seal(rows)), .segment)
    let columns: [(EventColumn, [UInt64])] = [
      (.kind, (0..<30).map { 12 - UInt64($0) / 10 }), (.kind, [UInt64](repeating: 13, count: 30)),
      (.kind, [UInt64](repeating: 0, count: 30)), (.kind, [UInt64](repeating: 6, count: 29)),
      (.message, [UInt64](repeating: 1 << 32, count: 30)),
      (.bounceClass, [UInt64](repeating: 16, count: 30)),
      (.time, [UInt64](repeating: 0, count: 30)),
      (.time, [UInt64](repeating: TimeBias.store(Limits.timeMagnitudeMax + 1), count: 30)),
      (.time, [UInt64](repeating: TimeBias.store(-Limits.timeMagnitudeMax - 1), count: 30)),
    ]
    for (column, values) in columns {
      var damaged = parts
      damaged.replace(UInt32(column.rawValue), with: EncodedColumn(values).written)
      #expect(throws: SectionFileError.self, "\(column) \(values[0])") {
        try SegmentFile.read(damaged.bytes)
      }
    }
    for count: UInt64 in [0, 29, 31, UInt64(Limits.segmentRowCountMax) + 1, .max] {
      var damaged = parts
      damaged.replace(1000, with: (0..<8).map { UInt8(count >> UInt64($0 * 8) & 0xFF) })
      #expect(throws: SectionFileError.self, "\(count) rows") {
        try SegmentFile.read(damaged.bytes)
      }
    }
  }

  private static func checkKinds(_ segment: Segment, _ rows: [EventRow], _ seed: String) {
    var start = 0
    let kinds = segment[.kind].decodedCodes()
    for kind in EventKind.allCases {
      let range = segment.rows(ofKind: kind.rawValue)
      let expected = rows.count { $0.kind == kind.rawValue }
      #expect(range == start..<start + expected, "\(kind), \(seed)")
      #expect(kinds[range].allSatisfy { $0 == UInt32(kind.rawValue) }, "\(kind), \(seed)")
      start = range.upperBound
    }
    #expect(start == rows.count, "\(seed)")
  }

  static func multiset(_ rows: [EventRow]) -> [[UInt64]: Int] {
    Dictionary(rows.map { (StorageSamples.columns($0), 1) }, uniquingKeysWith: +)
  }

  /// By way of `forEachRow`, and of the columns themselves, which must agree.
  static func multiset(_ segment: Segment) -> [[UInt64]: Int] {
    var rows: [EventRow] = []
    segment.forEachRow { rows.append($0) }
    let columns = EventColumn.allCases.map { segment[$0].decoded() }
    for (index, row) in rows.enumerated() {
      #expect(StorageSamples.columns(row) == columns.map { $0[index] })
    }
    return multiset(rows)
  }
}
