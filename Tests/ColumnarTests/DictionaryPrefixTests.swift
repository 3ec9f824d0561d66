import Base
import Columnar
import TestSupport
import Testing

@Suite("Prefixes of dictionaries")
struct DictionaryPrefixTests {
  @Test("a prefix stays what it was while the dictionary grows, also as bytes")
  func growth() throws {
    let dictionary = ByteDictionary(countMax: 10_000)
    var prefixes: [(prefix: DictionaryPrefix, bytes: [UInt8])] = []
    for number in 0..<1000 {
      _ = Array("key \(number)".utf8).withSlice { dictionary.intern($0) }
      if number % 100 == 0 {
        prefixes.append((dictionary.prefix, dictionary.prefix.serialized()))
      }
    }
    for (index, (prefix, bytes)) in prefixes.enumerated() {
      #expect(prefix.count == index * 100 + 1)
      #expect(prefix[UInt32(index * 100)].text == "key \(index * 100)")
      #expect(prefix.serialized() == bytes)
      let copy = try ByteDictionary(reading: bytes)
      #expect(copy.count == prefix.count && copy.prefix.byteCount == prefix.byteCount)
    }
  }
}
