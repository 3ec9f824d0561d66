import Base
import Columnar
import TestSupport
import Testing

@Suite("Columns from disk")
struct EncodingDamageTests {
  @Test("what was written reads back", arguments: CodecTests.choices)
  func roundTrip(_ encoding: Encoding?) throws {
    try forAll(count: 1) { random, seed in
      for sample in CodecSample.all(&random) {
        let column = EncodedColumn(sample.values, forcing: encoding)
        let copy = try EncodedColumn.read(column.written).get()
        #expect(copy.blocks == column.blocks, "\(sample), \(seed)")
        #expect(copy.decoded == sample.values, "\(sample), \(seed)")
        #expect(copy.written == column.written, "\(sample), \(seed)")
      }
    }
  }

  @Test("the bytes of the format's page do not change")
  func pinnedBytes() {
    let column = EncodedColumn([1000, 3000, 2000, 1000, 8000] as [UInt64], forcing: .bitPacked)
    let integers: (UInt64) -> [UInt8] = { value in (0..<8).map { UInt8(value >> ($0 * 8) & 0xFF) } }
    let header: [UInt8] =
      [2, 3, 0, 0, 0, 0, 0, 0] + [1000, 8000, 1000, 0, 1000].flatMap(integers)
    // 0, 2, 1, 0, 7 in three bits each, the first one lowest.
    #expect(column.written == integers(5) + integers(2) + header + [0b0101_0000, 0b0111_0000])
  }

  @Test("interleaved groups have the layout that the format draws")
  func pinnedGroup() {
    let values = (0..<128).map { UInt64($0 * 5 % 128) }
    let bytes = Array(EncodedColumn(values, forcing: .bitPacked).written.dropFirst(16 + 48))
    #expect(bytes.count == 16 * 7)
    for (index, value) in values.enumerated() {
      var read: UInt64 = 0
      for bit in 0..<7 {
        let place = index / 4 * 7 + bit
        let byte = place / 32 * 16 + index % 4 * 4 + place % 32 / 8
        read |= UInt64(bytes[byte] >> UInt8(place % 8) & 1) << UInt64(bit)
      }
      #expect(read == value, "integer \(index)")
    }
  }

  @Test("a column cut short anywhere is an error", arguments: Encoding.allCases)
  func truncation(_ encoding: Encoding) {
    let bytes = EncodedColumn(small(encoding), forcing: encoding).written
    for count in 0..<bytes.count {
      guard case .failure = EncodedColumn.read(Array(bytes.prefix(count))) else {
        Issue.record("\(encoding): \(count) of \(bytes.count) bytes were accepted")
        continue
      }
    }
  }

  @Test("any flipped bit gives an error or values, never a trap", arguments: Encoding.allCases)
  func flippedBits(_ encoding: Encoding) {
    let values = small(encoding)
    let bytes = EncodedColumn(values, forcing: encoding).written
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      if case .success(let column) = EncodedColumn.read(damaged) { exercise(column) }
    }
  }

  @Test("headers that contradict themselves are refused")
  func contradictions() {
    let runs = EncodedColumn(small(.runLength), forcing: .runLength)
    let refused: [(String, (inout [UInt8]) -> Void)] = [
      ("an unknown encoding", { $0[16] = 7 }),
      ("a width of 65", { $0[17] = 65 }),
      ("a byte that must be zero", { $0[19] = 1 }),
      ("no runs", { $0[20] = 0 }),
      ("more runs than rows", { $0[22] = 1 }),
      ("a minimum above the maximum", { $0[31] = 0xFF }),
      ("a step without delta", { $0[48] = 1 }),
      ("a scale of zero", { $0[56] = 0 }),
      ("a longer run", { $0[$0.count - 1] ^= 1 }),
      ("a longer payload", { $0[8] &+= 1 }),
      ("more rows", { $0[0] &+= 1 }),
    ]
    for (name, damage) in refused {
      var bytes = runs.written
      damage(&bytes)
      guard case .failure = EncodedColumn.read(bytes) else {
        Issue.record("\(name) was accepted")
        continue
      }
    }
  }

  @Test("a code beyond the dictionary is refused")
  func codeBeyondDictionary() {
    let column = EncodedColumn([5, 6, 7, 5] as [UInt64], forcing: .dictionary)
    var bytes = column.written
    // The codes 0, 1, 2, 0 are the last byte; the fourth becomes 3 of 3 entries.
    bytes[bytes.count - 1] |= 0b1100_0000
    #expect(
      EncodedColumn.read(bytes).failure == ColumnError(.code, offset: bytes.count - 2))
  }

  @Test("widths of groups that are not what the header says are refused")
  func lyingWidths() {
    let bytes = EncodedColumn(small(.groupedDelta), forcing: .groupedDelta).written
    let payloadStart = 16 + EncodedBlock.headerByteCount
    // A whole group and a shorter one.
    for place in 0..<2 {
      var damaged = bytes
      damaged[payloadStart + place] -= 1
      #expect(
        EncodedColumn.read(damaged).failure == ColumnError(.groups, offset: payloadStart))
    }
  }

  @Test("groups of differences have the widths that the format draws")
  func pinnedGroups() {
    // Steps of 10; one of 13 in the second group, one of 17 in the shorter third one.
    let steps = (0..<260).map { [200: 13, 257: 17][$0] ?? 10 as UInt64 }
    let values = steps.indices.map { steps[...$0].reduce(1000, +) }
    let bytes = EncodedColumn(values, forcing: .groupedDelta).written
    #expect(Array(bytes[16..<24]) == [6, 3, 0, 0, 2, 0, 0, 0])
    let payload = Array(bytes.dropFirst(16 + EncodedBlock.headerByteCount))
    #expect(Array(payload[..<3]) == [0, 2, 3])
    // Two bits for each of 128 rows, three bits for each of four.
    #expect(payload.count == 3 + 32 + 2)
  }

  @Test("a value outside the zone map is refused, so that a checked maximum bounds an index")
  func valueOutsideZone() {
    for encoding in Encoding.allCases where encoding != .constant {
      let column = EncodedColumn(small(encoding), forcing: encoding)
      var bytes = column.written
      let maximum = column.blocks[0].maximum - 1
      for place in 0..<8 { bytes[16 + 16 + place] = UInt8(maximum >> UInt64(place * 8) & 0xFF) }
      let payloadStart = 16 + EncodedBlock.headerByteCount
      #expect(EncodedColumn.read(bytes).failure == ColumnError(.zone, offset: payloadStart))
    }
  }

  @Test("more rows than the limit are refused before anything is allocated")
  func rowCountLimit() {
    let bytes = EncodedColumn([UInt64](repeating: 1, count: 100)).written
    let refused = EncodedColumn.read(bytes, rowCountMax: 99)
    #expect(refused.failure == ColumnError(.rowCount, offset: 0))
    guard case .success = EncodedColumn.read(bytes, rowCountMax: 100) else {
      Issue.record("100 rows were refused")
      return
    }
  }

  @Test("fuzz: damaged columns and random bytes never trap")
  func fuzz() {
    forAll(count: 150) { random, _ in
      let kind = random.pick(CodecSample.kinds)
      let sample = CodecSample.make(kind, 1 + random.below(5000), &random)
      var bytes = EncodedColumn(sample.values, forcing: random.pick(CodecTests.choices)).written
      for _ in 0...random.below(8) {
        // Headers are where damage is interesting.
        let reach = random.isHit(0.7) ? min(bytes.count, 112) : bytes.count
        bytes[random.below(reach)] = UInt8(truncatingIfNeeded: random.next())
      }
      if case .success(let column) = EncodedColumn.read(bytes) { exercise(column) }
      let noise = (0..<random.below(400)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if case .success(let column) = EncodedColumn.read(noise) { exercise(column) }
    }
  }

  /// Decodes all of a column in every way.
  private func exercise(_ column: EncodedColumn) {
    let wide = column.decoded
    let narrow = column.decodedNarrow
    #expect(narrow == wide.map { UInt32(truncatingIfNeeded: $0) })
    for (index, block) in column.blocks.enumerated() {
      let rows = wide.dropFirst(index * Limits.blockRowCount).prefix(column.blockRowCount(index))
      #expect(rows.allSatisfy { block.minimum <= $0 && $0 <= block.maximum })
    }
    for row in wide.indices where row % 37 == 0 || row == wide.count - 1 {
      #expect(column.value(at: row) == wide[row])
    }
  }

  /// About 300 bytes in the codec, with both groups and a rest where there are packed integers.
  private func small(_ encoding: Encoding) -> [UInt64] {
    switch encoding {
    case .constant: [UInt64](repeating: 77, count: 4097)
    case .plain: (0..<200).map { 200 - $0 }
    case .bitPacked, .delta, .groupedDelta: (0..<200).map { 1000 + Hash.of($0) % 200 * 10 }
    case .runLength: (0..<700).map { 1000 + Hash.of($0 / 5) % 200 * 10 }
    case .dictionary: (0..<300).map { Hash.of($0 % 20) % 1000 }
    }
  }
}

extension Result {
  /// The error, or nil.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
