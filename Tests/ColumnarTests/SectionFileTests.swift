import Base
import Columnar
import TestSupport
import Testing

@Suite("Section files")
struct SectionFileTests {
  @Test("sections read back, whether compression pays or not")
  func roundTrip() throws {
    try forAll(count: 40) { random, seed in
      let sections = SectionFileTests.sections(&random)
      let bytes = SectionFileTests.write(sections)
      let reader = try SectionFileReader(bytes, expecting: .shard)
      #expect(reader.ids == sections.map(\.id), "\(seed)")
      for section in sections {
        #expect(try reader.read(section: section.id) == section.payload, "\(seed)")
      }
    }
  }

  @Test("a section is compressed exactly when that saves an eighth")
  func compression() throws {
    let even = [UInt8](repeating: 7, count: 10_000)
    #expect(SectionFileTests.write([(1, even)]).count < 200)
    var random = PRNG(seed: 3)
    let noise = (0..<10_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    #expect(SectionFileTests.write([(1, noise)]).count == 8 + 10_000 + 32 + 24)
    // Nineteen of twenty bytes are noise: less than an eighth can be saved.
    let mixed = noise[..<9500] + even[..<500]
    #expect(SectionFileTests.write([(1, Array(mixed))]).count == 8 + 10_000 + 32 + 24)
    let short = [UInt8](repeating: 7, count: 63)
    #expect(SectionFileTests.write([(1, short)]).count == 8 + 63 + 32 + 24)
  }

  @Test("the bytes of the format's page do not change")
  func pinnedBytes() throws {
    let bytes = SectionFileTests.write([(5, [1, 2, 3])])
    #expect(bytes == (try FormatSample.bytes("container")))
  }

  @Test("a file cut short anywhere is an error")
  func truncation() throws {
    var random = PRNG(seed: 1)
    let bytes = SectionFileTests.write(SectionFileTests.sections(&random))
    for count in 0..<bytes.count {
      #expect(throws: SectionFileError.self, "\(count) of \(bytes.count) bytes") {
        try SectionFileTests.readAll(Array(bytes.prefix(count)))
      }
    }
  }

  @Test("every flipped bit is an error")
  func flippedBits() throws {
    let payload = (0..<40).map { UInt8($0) }
    let bytes = SectionFileTests.write([(0, payload), (9, [UInt8](repeating: 1, count: 200))])
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SectionFileError.self, "bit \(bit)") {
        try SectionFileTests.readAll(damaged)
      }
    }
  }

  @Test("another kind, another version and another program's file are refused by name")
  func strangers() throws {
    let bytes = SectionFileTests.write([(0, [1])])
    #expect(throws: SectionFileError("a file of another kind")) {
      try SectionFileReader(bytes, expecting: .segment)
    }
    var newer = bytes
    newer[7] = 3
    #expect(throws: SectionFileError("format version 3; this program reads up to 2")) {
      try SectionFileReader(newer, expecting: .shard)
    }
    var other = bytes
    other[0] = UInt8(ascii: "b")
    #expect(throws: SectionFileError("not a file of Beacon")) {
      try SectionFileReader(other, expecting: .shard)
    }
    #expect(throws: SectionFileError("the file is too short (0 bytes)")) {
      try SectionFileReader([], expecting: .shard)
    }
  }

  @Test("a missing section and one that is there twice are errors")
  func identifiers() throws {
    let reader = try SectionFileReader(SectionFileTests.write([(4, [])]), expecting: .shard)
    #expect(throws: SectionFileError("section 5 is missing")) { try reader.read(section: 5) }
    #expect(try reader.read(section: 4).isEmpty)
    #expect(throws: SectionFileError("a section that is there twice")) {
      try SectionFileReader(SectionFileTests.write([(4, [1]), (4, [2])]), expecting: .shard)
    }
  }

  @Test("sections that changed places fail their checksums")
  func swappedSections() throws {
    let (first, second): ([UInt8], [UInt8]) = ([1, 2, 3, 4], [5, 6, 7, 8])
    var bytes = SectionFileTests.write([(0, first), (1, second)])
    bytes.replaceSubrange(8..<16, with: second + first)
    let reader = try SectionFileReader(bytes, expecting: .shard)
    #expect(throws: SectionFileError("section 0 at byte 8 fails its checksum")) {
      try reader.read(section: 0)
    }
    #expect(throws: SectionFileError("section 1 at byte 12 fails its checksum")) {
      try reader.read(section: 1)
    }
  }

  @Test("a directory that contradicts itself is refused though its checksum is right")
  func contradictions() throws {
    let bytes = SectionFileTests.write([(0, [1, 2, 3, 4])])
    let entry = 12
    let damages: [(String, Int, UInt8)] = [
      ("an unknown compression", entry + 4, 2), ("a compression of nothing", entry + 4, 1),
      ("a length beyond the file", entry + 8, 200), ("a length too small", entry + 8, 3),
      ("another length", entry + 16, 5), ("an absurd length", entry + 23, 0xFF),
      ("a byte that must be zero", entry + 28, 1),
      ("a directory elsewhere", entry + 32, 11), ("an entry more", entry + 40, 2),
      ("another byte that must be zero", entry + 48, 1),
    ]
    for (name, offset, value) in damages {
      var damaged = bytes
      damaged[offset] = value
      SectionFileTests.seal(&damaged)
      #expect(throws: SectionFileError.self, "\(name)") { try SectionFileTests.readAll(damaged) }
    }
    var same = bytes
    SectionFileTests.seal(&same)
    #expect(same == bytes)
  }

  /// Makes the checksums of directory and trailer right, for a file of one section of four bytes.
  private static func seal(_ bytes: inout [UInt8]) {
    func store(_ checksum: UInt32, at offset: Int) {
      for byte in 0..<4 { bytes[offset + byte] = UInt8(checksum >> UInt32(byte * 8) & 0xFF) }
    }
    store(CRC32C.of(Array(bytes[0..<8] + bytes[12..<44])), at: 56)
    store(CRC32C.of(Array(bytes[44..<64])), at: 64)
  }

  private static func sections(_ random: inout PRNG) -> [(id: UInt32, payload: [UInt8])] {
    (0..<random.below(6)).map { index in
      let count = random.pick([0, 1, 63, 64, 65, 300])
      let bound = random.pick([1, 4, 256])
      return (UInt32(index * 7), (0..<count).map { _ in UInt8(random.below(bound)) })
    }
  }

  private static func write(_ sections: [(id: UInt32, payload: [UInt8])]) -> [UInt8] {
    var file = SectionFileWriter(kind: .shard)
    for section in sections { file.append(section: section.id, section.payload) }
    return file.finish()
  }

  private static func readAll(_ bytes: [UInt8]) throws {
    let reader = try SectionFileReader(bytes, expecting: .shard)
    for id in reader.ids { _ = try reader.read(section: id) }
  }
}
