// The fuzz bodies of the storage readers: valid files, changed behind right checksums. A reader refuses them, or makes
// something of them that can be used in every way.

import Base
import Columnar
import TestSupport
import Testing

enum StorageFuzz {
  /// A segment's file.
  static func segment(_ random: inout PRNG) throws {
    let rows = StorageSamples.rows(&random, count: random.pick([0, 1, 30, 4100]))
    var parts = try Dissection(SegmentFile.write(StorageSamples.seal(rows)), .segment)
    for _ in 0...random.below(2) { parts.mutate(&random) }
    guard let segment = try? SegmentFile.read(parts.bytes) else { return }
    var rowCount = 0
    segment.forEachRow { row in
      rowCount += 1
      #expect(EventKind(rawValue: row.kind) != nil)
    }
    #expect(rowCount == segment.rowCount)
    #expect(
      EventKind.allCases.reduce(0) { $0 + segment.rows(ofKind: $1.rawValue).count } == rowCount)
    for column in EventColumn.allCases {
      #expect(segment[column].decoded().count == rowCount)
      if rowCount > 0 { _ = segment[column].value(at: random.below(rowCount)) }
    }
    fold(segment)
    _ = try SegmentFile.read(SegmentFile.write(segment))
  }

  /// States of the messages that the segment names, as many as a shard's table would have to have.
  private static func fold(_ segment: Segment) {
    let messageCount = segment[.message].decodedCodes().max().map { Int($0) + 1 } ?? 0
    let codeCount = segment[.code].decodedCodes().max() ?? 0
    let reasonCount = segment[.reason].decodedCodes().max() ?? 0
    guard messageCount < 10_000, codeCount < 5, reasonCount < 5 else { return }
    let texts = StorageSamples.dictionary(["a", "b", "c", "d", "e"])
    let rules = DecidingBounces.Rules(classes: [.hard, .soft], codes: texts, reasons: texts)
    let states = MessageStates(messageCount: messageCount, segments: [segment], rules: rules)
    for message in 0..<messageCount { _ = states.state(of: message, isUntracked: false) }
  }

  /// A shard's file.
  static func shard(_ random: inout PRNG) throws {
    let image = StorageSamples.shard(&random, attributeCount: random.below(3))
    var parts = try Dissection(image.write(), .shard)
    for _ in 0...random.below(2) { parts.mutate(&random) }
    guard let read = try? ShardImage(reading: parts.bytes) else { return }
    let messages = MessageTable(messageCountMax: read.messages[0].rowCount + 1)
    messages.load(Dictionary(uniqueKeysWithValues: zip(MessageTable.storedColumns, read.messages)))
    for recipient in messages[.recipient] { _ = read.recipients[recipient] }
    _ = messages.intern(MessageKey(campaign: 9, recipient: 0, send: 9))
    #expect(read.statedDomains.decodedCodes().count == read.recipients.count)
    for attribute in read.attributes {
      #expect(attribute.decodedCodes().count <= read.recipients.count)
    }
    _ = try ShardImage(reading: read.write())
    use(read.recipients.dictionary)
  }

  /// A dictionary's section, and bytes that are none.
  static func dictionary(_ random: inout PRNG) throws {
    let texts = (0..<random.below(30)).map { "text \($0 * $0)@\($0 % 3)" }
    var bytes = StorageSamples.dictionary(texts).serialized()
    if random.isHit(0.2) { bytes = (0..<random.below(200)).map { _ in UInt8(random.below(256)) } }
    var file = SectionFileWriter(kind: .shared)
    file.append(section: 0, bytes)
    var parts = try Dissection(file.finish(), .shared)
    parts.mutate(&random)
    guard let payload = parts.sections.first?.payload,
      let dictionary = try? ByteDictionary(reading: payload, countMax: 1000)
    else { return }
    let keys = try KeyDictionary(reading: payload, countMax: 1000)
    let isSame = keys.prefix.serialized() == dictionary.prefix.serialized()
    #expect(isSame)
    use(dictionary)
    use(keys)
    _ = try ByteDictionary(reading: dictionary.prefix.serialized())
  }

  /// A container whose directory and trailer are changed behind right checksums.
  static func container(_ random: inout PRNG) throws {
    var file = SectionFileWriter(kind: .shard)
    for id in 0..<random.below(4) {
      let bound = random.pick([2, 256])
      file.append(
        section: UInt32(id), (0..<random.below(200)).map { _ in UInt8(random.below(bound)) })
    }
    var bytes = file.finish()
    let trailer = bytes.count - 24
    let directory = (0..<8).reduce(0) { $0 | Int(bytes[trailer + $1]) << ($1 * 8) }
    for _ in 0...random.below(3) {
      bytes[directory + random.below(bytes.count - 4 - directory)] = UInt8(random.below(256))
    }
    store(CRC32C.of(Array(bytes[0..<8] + bytes[directory..<trailer])), at: trailer + 12, &bytes)
    store(CRC32C.of(Array(bytes[trailer..<trailer + 20])), at: trailer + 20, &bytes)
    guard let reader = try? SectionFileReader(bytes, expecting: .shard) else { return }
    for id in reader.ids { _ = try? reader.read(section: id) }
  }

  private static func store(_ checksum: UInt32, at offset: Int, _ bytes: inout [UInt8]) {
    for byte in 0..<4 { bytes[offset + byte] = UInt8(checksum >> UInt32(byte * 8) & 0xFF) }
  }

  /// Looks everything up, and adds something.
  private static func use(_ dictionary: ByteDictionary) {
    for ordinal in 0..<UInt32(dictionary.count) {
      #expect(dictionary.find(dictionary[ordinal]) ?? .max <= ordinal)
    }
    _ = Array("a new text".utf8).withSlice { dictionary.intern($0) }
  }

  private static func use(_ keys: KeyDictionary) {
    for ordinal in 0..<UInt32(keys.count) {
      let key = keys.prefix[ordinal].array
      #expect(key.withSlice { keys.find($0, hash: Hash.keyed($0)) } ?? .max <= ordinal)
    }
    _ = Array("new@example.org".utf8).withSlice { keys.intern($0, hash: Hash.keyed($0)) }
  }
}

@Suite("Storage readers under fuzzing")
struct StorageFuzzTests {
  @Test("changed files are refused or can be used in every way")
  func files() throws {
    try forAll(count: Cases.count(150)) { random, _ in
      try StorageFuzz.segment(&random)
      try StorageFuzz.shard(&random)
      try StorageFuzz.dictionary(&random)
      try StorageFuzz.container(&random)
    }
  }
}
