import Base
import TestSupport
import Testing

@Suite("ByteWriter and ByteCursor")
struct ByteCursorTests {
  @Test("integers are written least significant byte first")
  func littleEndian() {
    var writer = ByteWriter()
    writer.append(0x0102_0304 as UInt32)
    writer.append(-2 as Int16)
    writer.append(7 as UInt8)
    writer.overwrite(at: 0, with: 0x0506 as UInt16)
    #expect(writer.bytes == [0x06, 0x05, 2, 1, 0xFE, 0xFF, 7])
    #expect(writer.count == 7)
    writer.removeAll()
    #expect(writer.bytes.isEmpty)
  }

  @Test("a varint takes one byte for seven bits")
  func varintBytes() {
    let expectations: [(UInt64, [UInt8])] = [
      (0, [0]), (127, [127]), (128, [0x80, 1]), (300, [0xAC, 2]),
      (.max, [UInt8](repeating: 0xFF, count: 9) + [1]),
    ]
    for (value, bytes) in expectations {
      var writer = ByteWriter()
      writer.appendVarint(value)
      #expect(writer.bytes == bytes)
    }
  }

  @Test("what was written reads back, in order")
  func roundTrip() throws {
    try forAll(count: 50) { random, seed in
      let values = (0..<100).map { _ in random.next() >> UInt64(random.below(64)) }
      var writer = ByteWriter()
      for value in values {
        writer.append(value)
        writer.append(UInt32(truncatingIfNeeded: value))
        writer.append(contentsOf: [1, 2, 3])
      }
      try writer.withSlice { (slice) throws in
        var cursor = ByteCursor(slice)
        for value in values {
          #expect(try cursor.read(UInt64.self) == value, "\(seed)")
          #expect(try cursor.read(UInt32.self) == UInt32(truncatingIfNeeded: value), "\(seed)")
          #expect(try cursor.readSlice(count: 3).array == [1, 2, 3], "\(seed)")
        }
        #expect(cursor.isAtEnd)
      }
    }
  }

  @Test("a read past the end says where and consumes nothing")
  func missingBytes() {
    let bytes: [UInt8] = [1, 0x80, 0x80]
    bytes.withUnsafeBufferPointer { buffer in
      var cursor = ByteCursor(ByteSlice(buffer))
      #expect(throws: Never.self) { try cursor.skip(count: 1) }
      let failure = ByteCursor.Failure(offset: 1)
      #expect(throws: failure) { try cursor.read(UInt32.self) }
      #expect(throws: failure) { try cursor.readSlice(count: 3) }
      #expect(throws: failure) { try cursor.readSlice(count: -1) }
      #expect(throws: failure) { try cursor.skip(count: .max) }
      #expect(cursor.offset == 1)
      #expect(cursor.remaining == 2)
    }
  }
}
