// One worker's memory of the codes it has met, so that a value costs a lock only the first time.

package import Base
package import Columnar

package final class CodeCache {
  private let shared: SharedState
  private let dictionary: SharedDictionary
  /// Replaced, not emptied, when it is full; behind a pointer so that a look-up costs no exclusivity check.
  private let known: UnsafeMutablePointer<ByteDictionary>
  private let codes: StableBuffer<UInt32>

  /// A cache that has filled up starts again; values seen that rarely gain nothing from it.
  private static let countMax = 1 << 18
  private static let byteCountMax = 64 << 20

  package init(_ dictionary: SharedDictionary, of shared: SharedState) {
    self.shared = shared
    self.dictionary = dictionary
    // SAFETY: one initialised dictionary, replaced in place and released with the cache.
    known = .allocate(capacity: 1)
    known.initialize(to: CodeCache.empty())
    codes = StableBuffer(capacity: CodeCache.countMax)
  }

  deinit {
    known.deinitialize(count: 1)
    known.deallocate()
  }

  /// The code of `value`: 0 for an empty one, nil when the shared dictionary is full.
  @inline(__always)
  package func code(_ value: ByteSlice) -> UInt32? {
    value.isEmpty ? 0 : knownCode(value)
  }

  private func knownCode(_ value: ByteSlice) -> UInt32? {
    let hash = Hash.of(value)
    if let ordinal = known.pointee.find(value, hash: hash) { return codes.base[Int(ordinal)] }
    guard let code = shared.code(dictionary, value) else { return nil }
    if codes.count == CodeCache.countMax { forget() }
    guard known.pointee.intern(value, hash: hash) != nil else {
      forget()
      return code
    }
    codes.append(code)
    return code
  }

  private func forget() {
    known.pointee = CodeCache.empty()
    codes.removeAll()
  }

  private static func empty() -> ByteDictionary {
    ByteDictionary(countMax: countMax, byteCountMax: byteCountMax)
  }
}

/// One worker's caches, one per shared dictionary.
struct CodeCaches {
  let campaign: CodeCache
  let send: CodeCache
  let variant: CodeCache
  let template: CodeCache
  let sender: CodeCache
  let subject: CodeCache
  let domain: CodeCache
  let link: CodeCache
  let userAgent: CodeCache
  let country: CodeCache
  let code: CodeCache
  let reason: CodeCache
  let currency: CodeCache
  let attribute: CodeCache

  init(of shared: SharedState) {
    let cache = { (dictionary: SharedDictionary) in CodeCache(dictionary, of: shared) }
    (campaign, send, variant) = (cache(.campaign), cache(.send), cache(.variant))
    (template, sender, subject) = (cache(.template), cache(.sender), cache(.subject))
    (domain, link, userAgent) = (cache(.domain), cache(.link), cache(.userAgent))
    (country, code, reason) = (cache(.country), cache(.code), cache(.reason))
    (currency, attribute) = (cache(.currency), cache(.attribute))
  }
}
