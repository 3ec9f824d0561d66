// One worker's memory of the codes it has met, so that a value costs a lock only the first time, and a value that is
// the one before not even a look-up.
//
// SAFETY: the last value lies in the dictionary of known ones and is forgotten with it.

package import Base
package import Columnar

package final class CodeCache {
  private let shared: SharedState
  private let dictionary: SharedDictionary
  /// Replaced, not emptied, when it is full; behind a pointer and not counted, so that a look-up costs neither an
  /// exclusivity check nor atomic instructions.
  private let known: UnsafeMutablePointer<Unmanaged<ByteDictionary>>
  private let last: UnsafeMutablePointer<KnownValue>
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
    last = .allocate(capacity: 1)
    last.initialize(to: KnownValue())
    codes = StableBuffer(capacity: CodeCache.countMax)
  }

  deinit {
    known.pointee.release()
    known.deallocate()
    last.deallocate()
  }

  /// The code of `value`: 0 for an empty one, nil when the shared dictionary is full.
  @inline(__always)
  package func code(_ value: ByteSlice) -> UInt32? {
    value.isEmpty ? 0 : last.pointee.text == value ? last.pointee.code : knownCode(value)
  }

  private func knownCode(_ value: ByteSlice) -> UInt32? {
    let hash = Hash.of(value)
    return known.pointee._withUnsafeGuaranteedRef { known in
      if let ordinal = known.find(value, hash: hash) {
        last.pointee = KnownValue(
          text: known.slice(at: Int(ordinal)), code: codes.base[Int(ordinal)])
        return last.pointee.code
      }
      return newCode(value, hash)
    }
  }

  @inline(never)
  private func newCode(_ value: ByteSlice, _ hash: UInt64) -> UInt32? {
    guard let code = shared.code(dictionary, value) else { return nil }
    if codes.count == CodeCache.countMax { forget() }
    guard known.pointee.takeUnretainedValue().intern(value, hash: hash) != nil else {
      forget()
      return code
    }
    codes.append(code)
    return code
  }

  private func forget() {
    last.pointee = KnownValue()
    known.pointee.release()
    known.pointee = CodeCache.empty()
    codes.removeAll()
  }

  private static func empty() -> Unmanaged<ByteDictionary> {
    .passRetained(ByteDictionary(countMax: countMax, byteCountMax: byteCountMax))
  }

  /// A value and its code; at first none, which no value equals that is looked up.
  private struct KnownValue {
    var text = ByteSlice.empty
    var code: UInt32 = 0
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
