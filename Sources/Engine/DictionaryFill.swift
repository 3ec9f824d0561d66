// How full a dictionary is that all shards share. Whoever may send events may fill one with values of their making.

internal import Columnar

package struct DictionaryFill: Sendable {
  /// As `inspect` has it.
  package let name: String
  package let valueCount: Int
  /// Of the values and of where they end.
  package let byteCount: Int

  /// Hundredths of what it may hold, in values or in bytes, whichever is more.
  package var percent: Int {
    max(
      valueCount * 100 / Limits.sharedDictionaryCountMax,
      byteCount * 100 / Limits.sharedDictionaryByteCountMax)
  }

  /// - Parameter dictionaries: one per SharedDictionary, in raw-value order.
  static func fullest(of dictionaries: [DictionaryPrefix]) -> DictionaryFill? {
    let all = zip(SharedDictionary.allCases, dictionaries).map { dictionary, strings in
      DictionaryFill(
        name: dictionary.name, valueCount: strings.count, byteCount: strings.byteCount)
    }
    return all.max { ($0.percent, $0.byteCount) < ($1.percent, $1.byteCount) }
  }
}
