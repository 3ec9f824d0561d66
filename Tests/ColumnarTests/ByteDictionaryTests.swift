import Base
import Columnar
import TestSupport
import Testing

@Suite("Dictionaries of byte strings")
struct ByteDictionaryTests {
  @Test("ordinals are those of a plain dictionary, through growth and repeats")
  func model() throws {
    try forAll(count: 10) { random, seed in
      let dictionary = ByteDictionary(countMax: 10_000)
      var model: [[UInt8]: UInt32] = [:]
      for _ in 0..<3000 {
        let key = ByteDictionaryTests.key(&random)
        let expected = model[key] ?? UInt32(model.count)
        #expect(key.withSlice { dictionary.find($0) } == model[key], "\(seed)")
        #expect(key.withSlice { dictionary.intern($0) } == expected, "\(seed)")
        model[key] = expected
      }
      #expect(dictionary.count == model.count, "\(seed)")
      try ByteDictionaryTests.check(dictionary, model, seed)
      let copy = try ByteDictionary(reading: dictionary.prefix.serialized())
      #expect(copy.prefix.serialized() == dictionary.prefix.serialized(), "\(seed)")
      try ByteDictionaryTests.check(copy, model, seed)
    }
  }

  @Test("strings whose hashes are the same are told apart")
  func collisions() {
    let dictionary = ByteDictionary(countMax: 100)
    let keys = (0..<40).map { Array("key \($0)".utf8) }
    for (ordinal, key) in keys.enumerated() {
      #expect(key.withSlice { dictionary.find($0, hash: 99) } == nil)
      #expect(key.withSlice { dictionary.intern($0, hash: 99) } == UInt32(ordinal))
    }
    for (ordinal, key) in keys.enumerated() {
      #expect(key.withSlice { dictionary.intern($0, hash: 99) } == UInt32(ordinal))
      // The same place in the table.
      #expect(key.withSlice { dictionary.find($0, hash: 98) } == nil)
    }
  }

  @Test("a full dictionary refuses what is new and knows what it has")
  func full() {
    let byCount = ByteDictionary(countMax: 2, byteCountMax: 100)
    #expect([1].withSlice { byCount.intern($0) } == 0)
    #expect([2].withSlice { byCount.intern($0) } == 1)
    #expect([3].withSlice { byCount.intern($0) } == nil)
    #expect([2].withSlice { byCount.intern($0) } == 1)
    let byBytes = ByteDictionary(countMax: 100, byteCountMax: 5)
    #expect([1, 2, 3].withSlice { byBytes.intern($0) } == 0)
    #expect([1, 2, 4].withSlice { byBytes.intern($0) } == nil)
    #expect([4, 5].withSlice { byBytes.intern($0) } == 1)
    #expect([6].withSlice { byBytes.intern($0) } == nil)
    #expect(byBytes.count == 2)
  }

  @Test("what does not describe strings is refused")
  func damage() {
    let bytes = StorageSamples.dictionary(["one", "three", "five"]).serialized()
    let more = bytes + [0]
    let fewer = Array(bytes.dropLast())
    var counted = bytes
    counted[0] = 4
    var longer = bytes
    longer[4] += 1
    for (name, damaged) in [("more", more), ("fewer", fewer), ("4", counted), ("long", longer)] {
      #expect(throws: SectionFileError.self, "\(name)") { try ByteDictionary(reading: damaged) }
    }
    #expect(throws: SectionFileError.self) { try ByteDictionary(reading: bytes, countMax: 2) }
    let hollow = StorageSamples.dictionary(["one", "", "two"]).serialized()
    #expect(throws: SectionFileError.self) { try ByteDictionary(reading: hollow) }
  }

  @Test("ends that do not ascend are refused")
  func ends() {
    for ends: [UInt32] in [[2, 1, 3], [3, 3, 3], [0, 1, 3], [1, 2, 4], [1, 2, 2]] {
      var writer = ByteWriter()
      writer.append(UInt32(3))
      writer.append(UInt64(3))
      StorageSamples.column(ends).write(to: &writer)
      writer.append(contentsOf: [97, 98, 99] as [UInt8])
      #expect(throws: SectionFileError.self, "\(ends)") {
        try ByteDictionary(reading: writer.bytes)
      }
    }
  }

  private static func check(
    _ dictionary: ByteDictionary, _ model: [[UInt8]: UInt32], _ seed: String
  ) throws {
    for (key, ordinal) in model {
      #expect(dictionary[ordinal].array == key, "\(seed)")
      #expect(key.withSlice { dictionary.find($0) } == ordinal, "\(seed)")
    }
  }

  private static func key(_ random: inout PRNG) -> [UInt8] {
    let bound = random.pick([2, 256])
    return (0..<1 + random.below(random.pick([3, 40]))).map { _ in UInt8(random.below(bound)) }
  }
}
