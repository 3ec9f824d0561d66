import Base
import Columnar
import TestSupport
import Testing

@Suite("Shard files")
struct ShardImageTests {
  @Test("a shard's file reads back")
  func roundTrip() throws {
    try forAll(count: 20) { random, seed in
      let image = StorageSamples.shard(&random, attributeCount: random.below(4))
      let copy = try ShardImage(reading: image.write())
      #expect(ShardImageTests.content(copy) == ShardImageTests.content(image), "\(seed)")
      #expect(copy.recipients.serialized() == image.recipients.serialized(), "\(seed)")
    }
    let empty = try ShardImage(reading: ShardImage.empty.write())
    #expect(empty.recipients.count == 0 && empty.messages[0].rowCount == 0)
  }

  @Test("a shard's file with any bit flipped, cut short or without a section is an error")
  func damage() throws {
    var random = PRNG(seed: 4)
    let bytes = StorageSamples.shard(&random).write()
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SectionFileError.self, "bit \(bit)") { try ShardImage(reading: damaged) }
    }
    for count in 0..<bytes.count {
      #expect(throws: SectionFileError.self) {
        try ShardImage(reading: Array(bytes.prefix(count)))
      }
    }
    let parts = try Dissection(bytes, .shard)
    // The last attribute may be missing: nothing says how many there are but the names elsewhere.
    for index in parts.sections.indices.dropLast() {
      var fewer = parts
      fewer.sections.remove(at: index)
      #expect(throws: SectionFileError.self) { try ShardImage(reading: fewer.bytes) }
    }
  }

  @Test("tables that do not fit together are refused though every checksum is right")
  func contradictions() throws {
    var image = ShardImage.empty
    image.recipients = StorageSamples.keys(["a", "b"])
    image.statedDomains = StorageSamples.column([0, 1])
    image.messages = MessageTable.storedColumns.map { _ in StorageSamples.column([1, 0, 1]) }
    image.attributes = [StorageSamples.column([5])]
    _ = try ShardImage(reading: image.write())
    let changes: [(String, (inout ShardImage) -> Void)] = [
      ("a recipient beyond", { $0.messages[1] = StorageSamples.column([1, 2, 0]) }),
      ("a shorter column", { $0.messages[3] = StorageSamples.column([1, 1]) }),
      ("a longer column", { $0.messages[7] = StorageSamples.column([1, 1, 1, 1]) }),
      ("a wide code", { $0.messages[0] = EncodedColumn([1 << 32, 0, 0] as [UInt64]) }),
      ("a wide attribute", { $0.attributes[0] = EncodedColumn([1 << 32] as [UInt64]) }),
      ("fewer domains", { $0.statedDomains = StorageSamples.column([0]) }),
      ("more domains", { $0.statedDomains = StorageSamples.column([0, 0, 0]) }),
      ("a long attribute", { $0.attributes = [StorageSamples.column([1, 1, 1])] }),
      ("fewer recipients", { $0.recipients = StorageSamples.keys(["a"]) }),
    ]
    for (name, change) in changes {
      var changed = image
      change(&changed)
      #expect(throws: SectionFileError.self, "\(name)") {
        try ShardImage(reading: changed.write())
      }
    }
  }

  @Test("attributes are numbered without gaps")
  func attributeNumbers() throws {
    var random = PRNG(seed: 9)
    var parts = try Dissection(StorageSamples.shard(&random).write(), .shard)
    parts.sections.swapAt(parts.sections.count - 1, parts.sections.count - 2)
    #expect(throws: SectionFileError("section 1001 where another attribute is due")) {
      try ShardImage(reading: parts.bytes)
    }
  }

  private static func content(_ image: ShardImage) -> [[UInt32]] {
    ([image.statedDomains] + image.messages + image.attributes).map { $0.decodedCodes() }
  }
}
