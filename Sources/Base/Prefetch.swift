// Tells the cache what will be read soon.
//
// SAFETY: the processor ignores a hint about an address that is not there; nothing is read.

internal import CKernels

package enum Prefetch {
  /// Asks for the cache line at `address`.
  package static func read(_ address: UnsafeRawPointer) { beacon_prefetch(address) }
}
