// The strings a dictionary held at one moment. A dictionary only ever grows, so its first strings may be read by
// anybody while its writer adds more; what may not be read is how many there are. This is the number somebody wrote
// down.

package import Base

package struct DictionaryPrefix: Sendable {
  /// The dictionary, for whoever becomes its writer.
  package let dictionary: ByteDictionary
  /// How many strings there are; ordinals are below it.
  package let count: Int

  /// The first `count` strings of `dictionary`.
  init(of dictionary: ByteDictionary, count: Int) {
    self.dictionary = dictionary
    self.count = count
  }

  /// The string with this ordinal; valid as long as the dictionary.
  package subscript(ordinal: UInt32) -> ByteSlice {
    precondition(Int(ordinal) < count)
    return dictionary.slice(at: Int(ordinal))
  }

  /// Memory of strings and ends.
  package var byteCount: Int {
    dictionary.storage(count: count).bytes.count + count * MemoryLayout<UInt32>.stride
  }
}
