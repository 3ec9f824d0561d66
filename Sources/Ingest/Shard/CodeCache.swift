// One worker's memory of the codes it has met, so that a value costs a lock only the first time.

package import Base
package import Columnar

package final class CodeCache {
  private let shared: SharedState
  private let dictionary: SharedDictionary
  private var known: ByteDictionary
  private let codes: StableBuffer<UInt32>

  /// A cache that has filled up starts again; values seen that rarely gain nothing from it.
  private static let countMax = 1 << 18
  private static let byteCountMax = 64 << 20

  package init(_ dictionary: SharedDictionary, of shared: SharedState) {
    self.shared = shared
    self.dictionary = dictionary
    known = CodeCache.empty()
    codes = StableBuffer(capacity: CodeCache.countMax)
  }

  /// The code of `value`: 0 for an empty one, nil when the shared dictionary is full.
  package func code(_ value: ByteSlice) -> UInt32? {
    guard !value.isEmpty else { return 0 }
    let hash = Hash.of(value)
    if let ordinal = known.find(value, hash: hash) { return codes.base[Int(ordinal)] }
    guard let code = shared.code(dictionary, value) else { return nil }
    if codes.count == CodeCache.countMax { forget() }
    guard known.intern(value, hash: hash) != nil else {
      forget()
      return code
    }
    codes.append(code)
    return code
  }

  private func forget() {
    known = CodeCache.empty()
    codes.removeAll()
  }

  private static func empty() -> ByteDictionary {
    ByteDictionary(countMax: countMax, byteCountMax: byteCountMax)
  }
}
