// Tells the cache what will be read soon.
//
// SAFETY: the processor ignores a hint about an address that is not there; nothing is read.

internal import CKernels

enum Prefetch {
  /// Asks for the cache line at `address`.
  @inline(__always)
  static func read(_ address: UnsafeRawPointer) { beacon_prefetch(address) }
}
