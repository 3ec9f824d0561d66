import Base
import Columnar
import TestSupport
import Testing

@Suite("Codecs")
struct CodecTests {
  @Test("decode inverts encode, for every codec and by choice", arguments: choices)
  func decodeInvertsEncode(_ encoding: Encoding?) {
    forAll(count: 2) { random, seed in
      for sample in CodecSample.all(&random) {
        let column = EncodedColumn(sample.values, forcing: encoding)
        #expect(column.rowCount == sample.values.count)
        #expect(column.decoded == sample.values, "\(sample), \(seed)")
      }
    }
  }

  @Test("32-bit values come back from 32-bit and from 64-bit blocks", arguments: choices)
  func narrowValues(_ encoding: Encoding?) {
    forAll(count: 2) { random, seed in
      for sample in CodecSample.all(&random) {
        let values = sample.values.map { UInt32(truncatingIfNeeded: $0) }
        let column = EncodedColumn(values, forcing: encoding)
        #expect(column.decodedNarrow == values, "\(sample), \(seed)")
        #expect(column.decoded == values.map { UInt64($0) }, "\(sample), \(seed)")
      }
    }
  }

  @Test("value(at:) is what decode gives", arguments: choices)
  func randomAccess(_ encoding: Encoding?) {
    forAll(count: 2) { random, seed in
      for sample in CodecSample.all(&random) where !sample.values.isEmpty {
        let column = EncodedColumn(sample.values, forcing: encoding)
        let edges = [0, 1, 127, 128, 4095, 4096].filter { $0 < sample.values.count }
        let others = (0..<20).map { _ in random.below(sample.values.count) }
        for row in edges + others {
          #expect(column.value(at: row) == sample.values[row], "row \(row), \(sample), \(seed)")
        }
      }
    }
  }

  @Test("picked values are what decode gives", arguments: choices)
  func picks(_ encoding: Encoding?) {
    forAll(count: 2) { random, seed in
      for sample in CodecSample.all(&random) where !sample.values.isEmpty {
        let column = EncodedColumn(sample.values, forcing: encoding)
        let some = sample.values.indices.filter { _ in random.isHit(0.01) }
        #expect(
          column.values(of: some.map { UInt32($0) }) == some.map { sample.values[$0] },
          "\(sample), \(seed)")
        for block in column.blocks.indices {
          let count = column.blockRowCount(block)
          let first = block * Limits.blockRowCount
          let chance = random.pick([0.001, 0.05, 1])
          let rows = (0..<count).filter { $0 == count - 1 || random.isHit(chance) }
          let wanted = rows.map { sample.values[first + $0] }
          #expect(
            column.values(of: rows.map { UInt32(first + $0) }) == wanted, "\(sample), \(seed)")
          let start = random.below(rows[0] + 1)
          var narrow = [UInt32](repeating: 0, count: rows.count)
          let places = rows.map { UInt32($0 - start) }
          places.withUnsafeBufferPointer { places in
            narrow.withUnsafeMutableBufferPointer {
              column.pick(places, from: start, block: block, into: $0.baseAddress!)
            }
          }
          #expect(narrow == wanted.map { UInt32(truncatingIfNeeded: $0) }, "\(sample), \(seed)")
        }
      }
    }
  }

  @Test(
    "differences that are as large as their width allows add up",
    arguments: Array(1...32 as ClosedRange<UInt64>)
  )
  func widestDifferences(width: UInt64) {
    // The first two differences keep what is taken off all at nothing, and what all are divided by at one.
    let step = UInt64(1) << width - 1
    let values = [0, 0] + (0..<UInt64(Limits.blockRowCount - 2)).map { 1 + $0 * step }
    for encoding in [Encoding.delta, .groupedDelta] {
      let column = EncodedColumn(values, forcing: encoding)
      #expect(column.blocks.map(\.encoding) == [encoding])
      #expect(column.blocks[0].scale == 1 && column.blocks[0].step == 0)
      let rows = [0, 1, 126, 127, 128, 255, 3000, 4095]
      #expect(column.values(of: rows.map { UInt32($0) }) == rows.map { values[$0] })
    }
  }

  @Test("the rows of a value are found wherever it stands", arguments: choices)
  func rowsOfValue(_ encoding: Encoding?) {
    forAll(count: 4) { random, seed in
      let count = random.pick([1, 15, 16, 17, 4095, 4096, 4097, 9000])
      let values = (0..<count).map { _ in random.isHit(0.01) ? 7 : UInt32(random.below(20)) * 2 }
      let column = EncodedColumn(values, forcing: encoding)
      for wanted: UInt32 in [7, 0, 38, 39] {
        #expect(
          column.rows(of: wanted) == values.indices.filter { values[$0] == wanted }, "\(seed)")
      }
    }
  }

  @Test("a forced codec is used wherever it can represent the block")
  func forcedCodecIsUsed() {
    forAll(count: 1) { random, seed in
      for sample in CodecSample.all(&random) {
        for encoding in Encoding.allCases {
          let column = EncodedColumn(sample.values, forcing: encoding)
          for (index, block) in column.blocks.enumerated() {
            let start = index * Limits.blockRowCount
            let rows = sample.values[start..<start + column.blockRowCount(index)]
            let expected = canRepresent(Array(rows), encoding) ? encoding : .plain
            #expect(block.encoding == expected, "\(encoding), block \(index), \(sample), \(seed)")
          }
        }
      }
    }
  }

  @Test("the zone map is the smallest and the largest value of the block")
  func zoneMap() {
    forAll(count: 1) { random, seed in
      for sample in CodecSample.all(&random) {
        for encoding in CodecTests.choices {
          let column = EncodedColumn(sample.values, forcing: encoding)
          for (index, block) in column.blocks.enumerated() {
            let start = index * Limits.blockRowCount
            let rows = sample.values[start..<start + column.blockRowCount(index)]
            #expect(block.minimum == rows.min(), "\(sample), \(seed)")
            #expect(block.maximum == rows.max(), "\(sample), \(seed)")
          }
        }
      }
    }
  }

  @Test("no codec beats the choice")
  func choiceIsSmallest() {
    forAll(count: 2) { random, seed in
      // A handful of values can have steps with a common divisor by chance, which is not looked
      // for.
      for sample in CodecSample.all(&random) where sample.values.count > 100 {
        let chosen = EncodedColumn(sample.values).payloadByteCount
        for encoding in Encoding.allCases {
          let forced = EncodedColumn(sample.values, forcing: encoding).payloadByteCount
          #expect(chosen <= forced, "\(encoding), \(sample), \(seed)")
        }
      }
    }
  }

  @Test("columns like those of a mailing get the codec made for them")
  func expectedChoices() {
    forAll(count: 1) { random, seed in
      let expectations: [(String, Encoding)] = [
        ("equal", .constant), ("random", .plain), ("thousands", .bitPacked), ("sparse", .runLength),
        ("few", .dictionary), ("seconds", .delta), ("ascending", .delta), ("descending", .delta),
        ("bursts", .groupedDelta),
      ]
      for (kind, encoding) in expectations {
        let sample = CodecSample.make(kind, Limits.blockRowCount, &random)
        #expect(EncodedColumn(sample.values).blocks[0].encoding == encoding, "\(kind), \(seed)")
      }
    }
  }

  @Test("every width from 0 to 64 bits survives at every awkward length")
  func everyWidth() {
    var random = PRNG(seed: 7)
    for width in 0...64 {
      let mask = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
      let lengths = [1, 2, 7, 8, 9, 127, 128, 129, 255, 256, 257]
      for count in lengths + (width % 8 == 7 ? [4095, 4096, 4097] : []) {
        var values = (0..<count).map { _ in random.next() & mask }
        // Both ends of the range, so that the block has exactly this width.
        values[0] = 0
        values[count - 1] = mask
        for encoding in [Encoding.bitPacked, .delta, .groupedDelta, .runLength] {
          let column = EncodedColumn(values, forcing: encoding)
          #expect(column.decoded == values, "\(encoding), \(width) bits, \(count) values")
          let last = column.value(at: count - 1)
          #expect(last == mask, "\(encoding), \(width) bits, \(count) values")
          guard width <= 32 else { continue }
          let narrow = values.map { UInt32(truncatingIfNeeded: $0) }
          #expect(column.decodedNarrow == narrow, "\(encoding), \(width) bits, \(count) values")
        }
      }
    }
  }

  @Test("values that are multiples of something cost no bits for it")
  func scale() {
    for scale: UInt64 in [1, 2, 3, 7, 60, 1000, 1 << 20, 3_600_000] {
      let values = (0..<4096).map { 1_700_000_000_000 + Hash.of(UInt64($0)) % 256 * scale }
      let column = EncodedColumn(values, forcing: .bitPacked)
      #expect(column.decoded == values)
      #expect(column.blocks[0].scale == scale)
      #expect(column.payloadByteCount == 4096)
    }
  }

  static let choices: [Encoding?] = [nil] + Encoding.allCases

  private func canRepresent(_ values: [UInt64], _ encoding: Encoding) -> Bool {
    switch encoding {
    case .plain, .bitPacked, .runLength, .delta: true
    case .constant: Set(values).count == 1
    case .dictionary: Set(values).count <= EncodedBlock.dictionaryEntryCountMax
    case .groupedDelta: hasNarrowSteps(values)
    }
  }

  /// Whether differences, less the smallest and without their common divisor, fit 32 bits.
  private func hasNarrowSteps(_ values: [UInt64]) -> Bool {
    let steps = zip(values.dropFirst(), values).map { Int64(bitPattern: $0 &- $1) }
    guard let smallest = steps.min() else { return true }
    let distances = steps.map { UInt64(bitPattern: $0) &- UInt64(bitPattern: smallest) }
    func divisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
      right == 0 ? left : divisor(right, left % right)
    }
    let scale = max(distances.reduce(0, divisor), 1)
    return distances.allSatisfy { $0 / scale <= UInt64(UInt32.max) }
  }
}
