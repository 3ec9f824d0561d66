// A file of a data directory taken apart into its sections and put together again, so that what stands behind the
// checksums is tested too.

package import Base
package import Columnar

/// A section file as its parts, to change one and keep the checksums right.
package struct Dissection {
  package var kind: SectionFileKind
  package var sections: [(id: UInt32, payload: [UInt8])] = []

  package init(_ bytes: [UInt8], _ kind: SectionFileKind) throws {
    self.kind = kind
    let reader = try SectionFileReader(bytes, expecting: kind)
    for id in reader.ids { sections.append((id, try reader.read(section: id))) }
  }

  package var bytes: [UInt8] {
    var file = SectionFileWriter(kind: kind)
    for section in sections { file.append(section: section.id, section.payload) }
    return file.finish()
  }

  /// Changes one thing: bytes, integers, lengths, or which payload stands where.
  package mutating func mutate(_ random: inout PRNG) {
    guard !sections.isEmpty else { return }
    let index = random.below(sections.count)
    switch random.below(20) {
    case 0: sections.remove(at: index)
    case 1: sections.swapAt(index, random.below(sections.count))
    case 2: sections[index].payload = sections[random.below(sections.count)].payload
    case 3: sections[index].id = UInt32(truncatingIfNeeded: random.below(1010))
    case 4: sections[index].payload.removeLast(random.below(sections[index].payload.count + 1))
    case 5: sections[index].payload += (0..<random.below(20)).map { UInt8($0) }
    case 6, 7: Dissection.setInteger(&sections[index].payload, &random)
    case 8, 9, 10:
      for _ in 0...random.below(4) { Dissection.setByte(&sections[index].payload, &random) }
    default: Dissection.changeColumn(&sections[index].payload, &random)
    }
  }

  /// Headers are where damage is interesting.
  private static func place(_ payload: [UInt8], _ random: inout PRNG) -> Int {
    random.below(random.isHit(0.8) ? min(payload.count, 80) : payload.count)
  }

  private static func setByte(_ payload: inout [UInt8], _ random: inout PRNG) {
    guard !payload.isEmpty else { return }
    payload[place(payload, &random)] = random.isHit(0.5) ? UInt8(random.below(256)) : 0xFF
  }

  private static let wild: [UInt64] = [
    0, 1, 2, 15, 16, 255, 4095, 4096, 4097, 131_072, 131_073, 1 << 22, 1 << 27, 1 << 31, 1 << 32,
    1 << 33, 1 << 62, 1 << 63, .max, .max - 1,
  ]

  /// Changes values of a column somewhere in the payload and encodes it again, so that all of it agrees.
  private static func changeColumn(_ payload: inout [UInt8], _ random: inout PRNG) {
    for start in 0..<min(payload.count, 100) {
      let read = payload[start...].withUnsafeBufferPointer { buffer -> (EncodedColumn, Int)? in
        var cursor = ByteCursor(ByteSlice(buffer))
        guard let column = try? EncodedColumn(reading: &cursor), column.rowCount > 0 else {
          return nil
        }
        return (column, cursor.offset)
      }
      guard let (column, byteCount) = read, random.isHit(0.8) else { continue }
      var values = column.decoded()
      change(&values, &random)
      var writer = ByteWriter()
      values.withUnsafeBufferPointer { EncodedColumn(encoding: $0).write(to: &writer) }
      payload.replaceSubrange(start..<start + byteCount, with: writer.bytes)
      return
    }
  }

  private static func change(_ values: inout [UInt64], _ random: inout PRNG) {
    let index = random.below(values.count)
    switch random.below(8) {
    case 0: values.removeLast(random.below(values.count) + 1)
    case 1: values += values.prefix(1 + random.below(3))
    case 2: values.swapAt(index, random.below(values.count))
    case 3: values[index] = random.pick(wild)
    case 4: values = values.map { _ in values[index] }
    default: values[index] = (values.max() ?? 0) &+ UInt64(random.below(3))
    }
  }

  private static func setInteger(_ payload: inout [UInt8], _ random: inout PRNG) {
    let byteCount = random.isHit(0.5) ? 4 : 8
    guard payload.count >= byteCount else { return }
    let start = min(place(payload, &random) & ~3, payload.count - byteCount)
    let value = random.pick(wild)
    for byte in 0..<byteCount { payload[start + byte] = UInt8(value >> UInt64(byte * 8) & 0xFF) }
  }

  /// Puts another payload into the section `id`.
  package mutating func replace(_ id: UInt32, with payload: [UInt8]) {
    for index in sections.indices where sections[index].id == id {
      sections[index].payload = payload
    }
  }
}
