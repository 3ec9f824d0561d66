// One worker's memory of the codes it has met, so that a value costs a lock only the first time, and one that was met
// lately not even its hash.
//
// SAFETY: recent values lie in the dictionary of known ones and are forgotten with it; their places are below their
// number. Words are read from values that are as long.

package import Base
internal import CKernels
package import Columnar

package final class CodeCache {
  private let shared: SharedState
  private let dictionary: SharedDictionary
  /// Replaced, not emptied, when it is full; behind a pointer and not counted, so that a look-up costs neither an
  /// exclusivity check nor atomic instructions.
  private let known: UnsafeMutablePointer<Unmanaged<ByteDictionary>>
  /// Values met lately, each at the place that a few of its bytes name.
  private let recent: UnsafeMutablePointer<KnownValue>
  private let codes: StableBuffer<UInt32>

  /// A cache that has filled up starts again; values seen that rarely gain nothing from it.
  private static let countMax = 1 << 18
  private static let byteCountMax = 64 << 20
  private static let recentCount = 512

  package init(_ dictionary: SharedDictionary, of shared: SharedState) {
    self.shared = shared
    self.dictionary = dictionary
    // SAFETY: one initialised dictionary, replaced in place and released with the cache.
    known = .allocate(capacity: 1)
    known.initialize(to: CodeCache.empty())
    recent = .allocate(capacity: CodeCache.recentCount)
    recent.initialize(repeating: KnownValue(), count: CodeCache.recentCount)
    codes = StableBuffer(capacity: CodeCache.countMax)
  }

  deinit {
    known.pointee.release()
    known.deallocate()
    recent.deallocate()
  }

  /// The code of `value`: 0 for an empty one, nil when the shared dictionary is full.
  @inline(__always)
  package func code(_ value: ByteSlice) -> UInt32? { value.isEmpty ? 0 : recentCode(value) }

  private func recentCode(_ value: ByteSlice) -> UInt32? {
    let place = recent + CodeCache.place(of: value)
    let known = place.pointee
    if known.text.count == value.count,
      beacon_equal(known.text.base, value.base, value.count) != 0
    {
      return known.code
    }
    return knownCode(value, place)
  }

  /// A number that few other values have, from their ends and their middle.
  @inline(__always)
  private static func place(of value: ByteSlice) -> Int {
    let base = UnsafeRawPointer(value.base)
    var word = UInt64(value.base[0]) << 32 | UInt64(value.base[value.count &- 1]) << 40
    if value.count >= 8 {
      word =
        base.loadUnaligned(as: UInt64.self)
        ^ base.loadUnaligned(fromByteOffset: value.count / 2 &- 4, as: UInt64.self)
        ^ base.loadUnaligned(fromByteOffset: value.count &- 8, as: UInt64.self)
    }
    let mixed = (word ^ UInt64(truncatingIfNeeded: value.count)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> UInt64(64 - recentCount.trailingZeroBitCount))
  }

  private func knownCode(
    _ value: ByteSlice, _ place: UnsafeMutablePointer<KnownValue>
  ) -> UInt32? {
    let hash = Hash.keyed(value)
    return known.pointee._withUnsafeGuaranteedRef { known in
      guard let ordinal = known.find(value, hash: hash) else { return newCode(value, hash) }
      let code = codes.base[Int(ordinal)]
      place.pointee = KnownValue(text: known.slice(at: Int(ordinal)), code: code)
      return code
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
    recent.update(repeating: KnownValue(), count: CodeCache.recentCount)
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
