import Base
import Columnar
import TestSupport
import Testing

@Suite("Columns with replaced blocks")
struct PatchTests {
  @Test("a patched column is the column of the patched values, in memory and on disk")
  func equality() throws {
    try forAll(count: Cases.count(8)) { random, seed in
      let forcing = random.isHit(0.3) ? random.pick(Encoding.allCases) : nil
      var values: [UInt32] = []
      var column = StorageSamples.column([])
      for _ in 0..<random.pick([3, 80]) {
        let patches = PatchTests.change(&values, &random)
        column = column.patched(patches, rowCount: values.count, forcing: forcing)
        #expect(column.rowCount == values.count && column.decodedCodes() == values, "\(seed)")
      }
      let whole = values.withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: forcing) }
      #expect(ColumnSection.write(column) == ColumnSection.write(whole), "\(seed)")
      #expect(column.payloadByteCount == whole.payloadByteCount, "\(seed)")
      let copy = try ColumnSection.read(ColumnSection.write(column), rowCountMax: 1 << 20)
      #expect(copy.decodedCodes() == values, "\(seed)")
      for _ in 0..<min(values.count, 20) {
        let row = random.below(values.count)
        #expect(column.value(at: row) == UInt64(values[row]), "\(seed)")
      }
      // Every block may have a piece of its own, but no piece outlives its blocks.
      #expect(column.byteCount < whole.byteCount * 3 + 64 * 64, "\(seed)")
    }
  }

  @Test("a column of equal values grows block by block without end")
  func constant() {
    var column = StorageSamples.column([])
    for block in 0..<150 {
      let patch = BlockPatch(block: block, values: [UInt32](repeating: 7, count: 4096))
      column = column.patched([patch], rowCount: (block + 1) * 4096)
      #expect(column.value(at: block * 4096) == 7)
    }
    #expect(column.decodedCodes() == [UInt32](repeating: 7, count: 150 * 4096))
  }

  /// Appends some values and changes some others; the blocks that hold them.
  private static func change(
    _ values: inout [UInt32], _ random: inout PRNG
  ) -> [BlockPatch<UInt32>] {
    let marks = BlockMarks(rowCountMax: 1 << 20)
    let bound = random.pick([1, 3, 1 << 20])
    for _ in 0..<random.pick([0, 1, 700, 5000]) {
      marks.mark(values.count)
      values.append(UInt32(random.below(bound)))
    }
    for _ in 0..<(values.isEmpty ? 0 : random.below(3)) {
      let row = random.below(values.count)
      marks.mark(row)
      values[row] = UInt32(random.below(bound))
    }
    let blocks = marks.take()
    return values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return [] }
      return BlockPatch.copies(of: base, blocks, rowCount: buffer.count)
    }
  }

  @Test("marks are handed out once, in order")
  func marks() {
    let marks = BlockMarks(rowCountMax: 1 << 24)
    #expect(marks.take() == [])
    for row in [1 << 23, 0, 4095, 4096, 300_000, (1 << 24) - 1] { marks.mark(row) }
    #expect(marks.take() == [0, 1, 300_000 / 4096, 2048, 4095])
    #expect(marks.take() == [])
  }

  @Test("a capture of messages shows them as they were, whatever happens to the table")
  func messageCapture() {
    forAll(count: Cases.count(10)) { random, seed in
      let table = MessageTable(messageCountMax: 20_000)
      var columns = MessageTable.storedColumns.map { _ in StorageSamples.column([]) }
      for _ in 0..<4 {
        PatchTests.use(table, &random)
        let expected = MessageTable.storedColumns.map { table[$0] }
        let capture = table.capture(isQuiet: false)
        PatchTests.use(table, &random)
        for (index, column) in MessageTable.storedColumns.enumerated() {
          columns[index] = columns[index].patched(
            capture.patches(column), rowCount: capture.rowCount)
          #expect(columns[index].decodedCodes() == expected[index], "\(column.name) \(seed)")
        }
      }
    }
  }

  private static func use(_ table: MessageTable, _ random: inout PRNG) {
    for _ in 0..<random.below(3000) {
      let recipient = UInt32(random.below(3000))
      guard
        let message = table.intern(
          MessageKey(campaign: UInt32(1 + random.below(2)), recipient: recipient, send: 0))
      else { continue }
      let attribute = random.pick(MessageAttribute.allCases)
      table.state(
        attribute, of: message, as: UInt32(random.below(5)), isFromSend: random.isHit(0.5),
        isSmaller: <)
      if random.isHit(0.1) { table.markUntracked(message) }
    }
  }
}
