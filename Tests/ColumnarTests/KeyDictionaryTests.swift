import Base
import Columnar
import TestSupport
import Testing

@Suite("Dictionaries of recipients' keys")
struct KeyDictionaryTests {
  @Test("ordinals are those of a plain dictionary, whatever follows the @")
  func model() throws {
    try forAll(count: 10) { random, seed in
      let dictionary = KeyDictionary(countMax: 10_000)
      var model: [[UInt8]: UInt32] = [:]
      // Beyond 255 tails keys stand whole.
      let tailCount = random.pick([1, 3, 60, 255, 256, 600])
      for _ in 0..<3000 {
        let key = KeyDictionaryTests.key(&random, tailCount: tailCount)
        let expected = model[key] ?? UInt32(model.count)
        #expect(KeyDictionaryTests.find(key, dictionary) == model[key], "\(seed)")
        #expect(KeyDictionaryTests.intern(key, dictionary) == expected, "\(seed)")
        model[key] = expected
      }
      #expect(dictionary.count == model.count, "\(seed)")
      KeyDictionaryTests.check(dictionary, model, seed)
      let copy = try KeyDictionary(reading: dictionary.prefix.serialized())
      #expect(copy.prefix.serialized() == dictionary.prefix.serialized(), "\(seed)")
      KeyDictionaryTests.check(copy, model, seed)
    }
  }

  @Test("a file has what a plain dictionary's would have")
  func file() throws {
    let texts = ["a@x.org", "b@x.org", "c@x.org@x.org", "@x.org", "a@y.org", "no address", "@"]
    let bytes = StorageSamples.keys(texts).serialized()
    #expect(bytes == StorageSamples.dictionary(texts).serialized())
    #expect(try ByteDictionary(reading: bytes).count == texts.count)
  }

  @Test("of keys that end like others little is kept")
  func memory() {
    let texts = (0..<1000).map { "person\(1000 + $0)@a-long-domain.example.com" }
    let plain = StorageSamples.dictionary(texts).byteCount
    #expect(plain - StorageSamples.keys(texts).byteCount == 999 * 26 - 1000)
  }

  @Test("keys whose hashes are the same are told apart")
  func collisions() {
    let dictionary = KeyDictionary(countMax: 100)
    let keys = (0..<40).map { Array("\($0 / 2)@\($0 % 2)".utf8) }
    for (ordinal, key) in keys.enumerated() {
      #expect(key.withSlice { dictionary.find($0, hash: 99) } == nil)
      #expect(key.withSlice { dictionary.intern($0, hash: 99) } == UInt32(ordinal))
    }
    for (ordinal, key) in keys.enumerated() {
      #expect(key.withSlice { dictionary.intern($0, hash: 99) } == UInt32(ordinal))
    }
  }

  @Test("a full dictionary refuses what is new and knows what it has")
  func full() {
    let byCount = KeyDictionary(countMax: 2, byteCountMax: 100)
    let keys = ["a@x", "b@x", "c@x"].map { Array($0.utf8) }
    #expect(keys.map { KeyDictionaryTests.intern($0, byCount) } == [0, 1, nil])
    #expect(KeyDictionaryTests.intern(keys[1], byCount) == 1)
    let byBytes = KeyDictionary(countMax: 100, byteCountMax: 7)
    // As files have them: whole.
    #expect(keys.map { KeyDictionaryTests.intern($0, byBytes) } == [0, 1, nil])
    #expect(KeyDictionaryTests.intern([120], byBytes) == 2)
    #expect(KeyDictionaryTests.intern([121], byBytes) == nil)
    #expect(byBytes.count == 3)
  }

  @Test("a prefix stays what it was while the dictionary grows, also as bytes")
  func growth() throws {
    let dictionary = KeyDictionary(countMax: 10_000)
    var prefixes: [(prefix: KeyPrefix, bytes: [UInt8])] = []
    for number in 0..<1000 {
      _ = KeyDictionaryTests.intern(Array("\(number)@\(number / 3)".utf8), dictionary)
      if number % 100 == 0 {
        prefixes.append((dictionary.prefix, dictionary.prefix.serialized()))
      }
    }
    for (index, (prefix, bytes)) in prefixes.enumerated() {
      let number = index * 100
      let key = Array("\(number)@\(number / 3)".utf8)
      #expect(prefix.count == number + 1)
      #expect(prefix[UInt32(number)].array == key)
      #expect(key.withSlice { prefix.ordinal(of: $0) } == UInt32(number))
      #expect(Array("999@333".utf8).withSlice { prefix.ordinal(of: $0) } == nil)
      #expect(prefix.serialized() == bytes)
      #expect(try KeyDictionary(reading: bytes).prefix.byteCount == prefix.byteCount)
    }
  }

  @Test("what does not describe keys is refused")
  func damage() {
    let bytes = StorageSamples.keys(["one@a", "two@a"]).serialized()
    for damaged in [bytes + [0], Array(bytes.dropLast())] {
      #expect(throws: SectionFileError.self) { try KeyDictionary(reading: damaged) }
    }
    #expect(throws: SectionFileError.self) { try KeyDictionary(reading: bytes, countMax: 1) }
  }

  private static func check(
    _ dictionary: KeyDictionary, _ model: [[UInt8]: UInt32], _ seed: String
  ) {
    for (key, ordinal) in model {
      #expect(dictionary.prefix[ordinal].array == key, "\(seed)")
      #expect(find(key, dictionary) == ordinal, "\(seed)")
    }
  }

  private static func find(_ key: [UInt8], _ dictionary: KeyDictionary) -> UInt32? {
    key.withSlice { dictionary.find($0, hash: Hash.keyed($0)) }
  }

  private static func intern(_ key: [UInt8], _ dictionary: KeyDictionary) -> UInt32? {
    key.withSlice { dictionary.intern($0, hash: Hash.keyed($0)) }
  }

  /// An address, or bytes in which an `@` is not rare.
  private static func key(_ random: inout PRNG, tailCount: Int) -> [UInt8] {
    if random.isHit(0.2) {
      return (0...random.below(20)).map { _ in UInt8(random.pick([64, 97, 0, 255])) }
    }
    return Array("\(random.below(300))@\(random.below(tailCount)).example".utf8)
  }
}
