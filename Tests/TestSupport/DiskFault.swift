// Which call to a simulated disk goes wrong, and how.

package enum DiskCall: CaseIterable, Sendable {
  case open, read, write, byteCount, truncate, synchronize, lock
  case rename, remove, makeFolder, names, synchronizeFolder, space
}

package struct DiskFault: Sendable {
  package enum Effect: Sendable, Equatable {
    /// The call fails with this error number and does nothing. A synchronization loses what it should have kept.
    case error(Int32)
    /// A write fails after it wrote the first half. Other calls just fail.
    case halfway(Int32)
    /// A read or a write moves at most so many bytes. Other calls are not touched.
    case short(Int)
  }

  /// The kind of call; any if nil.
  package var call: DiskCall?
  /// The first of these calls that goes wrong, counted from 1.
  package var index: Int
  /// How many in a row go wrong.
  package var count: Int
  package var effect: Effect

  package init(_ effect: Effect, _ call: DiskCall? = nil, at index: Int, count: Int = 1) {
    self.effect = effect
    self.call = call
    self.index = index
    self.count = count
  }

  /// Counts a call; what happens to it.
  mutating func effect(on call: DiskCall) -> Effect? {
    guard self.call == nil || self.call == call else { return nil }
    if index > 1 {
      index -= 1
      return nil
    }
    guard count > 0 else { return nil }
    count -= 1
    return effect
  }
}
