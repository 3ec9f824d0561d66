// The keys of recipients that a shard had at one moment; see `DictionaryPrefix`.

package import Base

package struct KeyPrefix: Sendable {
  /// The dictionary, for whoever becomes its writer.
  package let dictionary: KeyDictionary
  /// How many keys there are; ordinals are below it.
  package let count: Int

  /// The first `count` keys of `dictionary`.
  init(of dictionary: KeyDictionary, count: Int) {
    self.dictionary = dictionary
    self.count = count
  }

  /// The key with this ordinal; valid as long as the dictionary.
  package subscript(ordinal: UInt32) -> SplitText {
    precondition(Int(ordinal) < count)
    return dictionary.key(at: Int(ordinal))
  }

  /// The ordinal of a key, or nil. All are gone through: nobody but the dictionary's writer has a table to look them
  /// up in.
  package func ordinal(of wanted: ByteSlice) -> UInt32? {
    var ordinal = 0
    while ordinal < count {
      if dictionary.key(at: ordinal) == wanted { return UInt32(ordinal) }
      ordinal &+= 1
    }
    return nil
  }

  /// Memory of the keys.
  package var byteCount: Int { dictionary.byteCount(of: count) }
}
