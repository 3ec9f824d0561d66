// Keeps an engine within its memory budget: while too much is in memory, the oldest segments that are on disk give up
// their payloads.

internal import Base

final class MemoryWatch: Sendable {
  private let publisher: Publisher
  private let store: Store

  init(_ publisher: Publisher, _ store: Store) {
    self.publisher = publisher
    self.store = store
  }

  /// What memory is taken by now.
  var usage: MemoryUsage { MemoryUsage(publisher, store) }

  /// Cools segments until what is left fits its share of the budget, as far as that is possible.
  ///
  /// - Returns: what memory is taken by then; nil where there is no budget.
  @discardableResult func enforce() -> MemoryUsage? {
    guard let budget = store.memory else { return nil }
    var current = usage
    let excess = current.byteCount - budget.residentMax
    if excess > 0, store.cool(atLeast: excess) > 0 {
      FreedMemory.release()
      current = usage
    }
    // Columns from disk take what is left, and a little in any case: queries come back to the same ones.
    let left = budget.residentMax - (current.byteCount - current.cache)
    store.cold.limit(to: min(budget.cacheMax, max(left, budget.cacheMax / 8)))
    current.cache = store.cold.byteCount
    return current
  }

  /// What housekeeping does: as `enforce`; saves when that lets more go, and stops ingestion when nothing can.
  func tick(_ journal: EngineJournal) {
    guard let budget = store.memory, var usage = enforce() else { return }
    if usage.byteCount > budget.residentMax, usage.unsaved > budget.unsavedMax,
      (try? publisher.save()) != nil
    {
      usage = enforce() ?? usage
    }
    guard budget.byteCountMax > 0, usage.unavoidable > budget.byteCountMax else {
      return journal.pause(.memory, nil)
    }
    journal.pause(
      .memory,
      "tables and open rows alone take \(usage.unavoidable >> 20) MB of memory, more than the "
        + "budget of \(budget.byteCountMax >> 20) MB; a larger one is needed to take more")
  }
}
