// What is remembered of a run of bytes, to know it again.

package import Base

/// How many bytes there were and what they hash to.
package struct Fingerprint: Hashable, Sendable {
  /// At most `Limits.fingerprintByteCountMax`.
  package var byteCount: Int
  package var digest: ContentDigest

  package init(byteCount: Int, digest: ContentDigest) {
    self.byteCount = byteCount
    self.digest = digest
  }

  /// The fingerprint of all of `bytes`.
  init(of bytes: ByteSlice) {
    var hash = ContentHash()
    hash.update(bytes)
    self.init(byteCount: bytes.count, digest: hash.finish())
  }

  init(of bytes: some Sequence<UInt8>) {
    self = Array(bytes).withUnsafeBufferPointer { Fingerprint(of: ByteSlice($0)) }
  }

  static var empty: Fingerprint { Fingerprint(of: ByteSlice.empty) }
}
