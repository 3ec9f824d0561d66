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

  /// The ordinal of a string, or nil. Strings are compared where they lie, one after the other: nobody but the
  /// dictionary's writer has a table to look them up in.
  package func ordinal(of wanted: ByteSlice) -> UInt32? {
    let (bytes, ends) = dictionary.storage(count: count)
    guard let base = bytes.baseAddress else { return nil }
    var start: UInt32 = 0
    var ordinal = 0
    while ordinal < ends.count {
      let end = ends[ordinal]
      if Int(end &- start) == wanted.count,
        ByteSlice(base + Int(start), count: wanted.count) == wanted
      {
        return UInt32(ordinal)
      }
      start = end
      ordinal &+= 1
    }
    return nil
  }

  /// Memory of strings and ends.
  package var byteCount: Int {
    dictionary.storage(count: count).bytes.count + count * MemoryLayout<UInt32>.stride
  }
}
