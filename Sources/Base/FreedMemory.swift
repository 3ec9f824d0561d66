// What has been freed stays with the allocator, in case it is wanted again. After an unusually large piece of work it
// is better off with the system.

internal import CKernels

package enum FreedMemory {
  /// Gives freed memory back to the system; takes milliseconds.
  package static func release() { beacon_release_memory() }

  /// From now on keeps what is freed for what comes next, however large its blocks. Memory that comes back from the
  /// system is cleared, page by page, when it is touched.
  package static func keep(for use: Use) { beacon_keep_memory(use.rawValue) }

  /// What a process is for. Raw values are bytes: what is free beyond them at a heap's end goes back to the system.
  package enum Use: Int32, Sendable {
    /// One large piece of work after which it ends.
    case loading = 268_435_456
    /// What one question after the other takes and frees again, up to some ten million events.
    case answering = 33_554_432
  }

  /// From now on gives large blocks back at once, where the allocator would otherwise learn to keep ever larger ones.
  /// For processes that have a memory budget: each such block costs its page faults anew.
  package static func releaseLargeBlocks() { beacon_release_large_blocks() }

  /// From now on all threads allocate from one heap, before there are others: at the end of another thread's heap what
  /// is freed stays there. For processes that keep much and allocate little meanwhile.
  package static func useOneHeap() { beacon_use_one_heap() }
}
