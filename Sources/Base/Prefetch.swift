// Tells the cache what will be read soon; wrong addresses do no harm.

internal import CKernels

package enum Prefetch {
  /// Asks for the cache line at `address`.
  package static func read(_ address: UnsafeRawPointer) { beacon_prefetch(address) }
}
