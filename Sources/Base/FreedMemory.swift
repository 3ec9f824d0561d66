// What has been freed stays with the allocator, in case it is wanted again. After an unusually large piece of work it
// is better off with the system.

internal import CKernels

package enum FreedMemory {
  /// Gives freed memory back to the system; takes milliseconds.
  package static func release() { beacon_release_memory() }
}
