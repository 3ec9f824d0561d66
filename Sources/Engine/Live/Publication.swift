// A state of the whole engine that never changes: what is (or could be) on disk, and the snapshot that queries see. The
// snapshot is derived when somebody first asks for it; a process that only loads never pays for it.

internal import Base
internal import Columnar
internal import Ingest

final class Publication: Sendable {
  let shards: [StoredShard]
  let shared: SharedImage
  /// The files of the state that was last saved.
  let manifest: Manifest
  private let live: SharedState
  private let cold: ColdColumns
  /// Whether segments may leave memory.
  private let hasBudget: Bool
  private let threadCount: Int
  private let derived: Monitor<Derived>

  private struct Derived {
    var snapshot: Snapshot?
    /// What the next publication goes on with.
    var derivation: Derivation?
    /// Whether there will be a next one.
    var isContinued: Bool
    /// Whether what deriving and the first question left behind was given back.
    var isSettled: Bool
  }

  /// - Parameter derivation: brought up to date; nil to derive when somebody asks.
  init(
    _ desk: borrowing Desk, _ derivation: Derivation? = nil, threadCount: Int
  ) {
    shards = desk.shards.map(\.stored)
    shared = desk.shared
    manifest = desk.store.manifest
    live = desk.live.shared
    cold = desk.store.cold
    hasBudget = desk.store.memory != nil
    self.threadCount = threadCount
    let snapshot = derivation?.snapshot
    derived = Monitor(
      Derived(
        snapshot: snapshot, derivation: derivation, isContinued: desk.store.isWriter,
        isSettled: derivation != nil))
  }

  /// What queries see. When a cold column cannot be read for it, it is worth nothing, and made again for the next who
  /// asks.
  var snapshot: Snapshot {
    let (snapshot, isFresh) = derived.update { derived in
      if let snapshot = derived.snapshot { return (snapshot, false) }
      let failureCount = cold.failureCount
      let derivation = Derivation(
        shards, shared, live, findsSentTimes: hasBudget, threadCount: threadCount)
      guard cold.failure(since: failureCount) == nil else { return (derivation.snapshot, true) }
      derived.snapshot = derivation.snapshot
      if derived.isContinued { derived.derivation = derivation }
      return (derivation.snapshot, true)
    }
    // Deriving takes arrays for whole shards, and what it leaves behind lies between them.
    if isFresh { FreedMemory.release() }
    return snapshot
  }

  /// Once the first question was answered, gives back what it took: until then everything was new. What came of a state
  /// before has little that is.
  func settle() {
    let wasSettled = derived.update { derived in
      defer { derived.isSettled = true }
      return derived.isSettled
    }
    if !wasSettled { FreedMemory.release() }
  }

  /// Bytes of what was derived: what the next publication goes on with, or what queries alone need.
  var derivedByteCount: Int {
    derived.update { derived in
      derived.derivation?.byteCount
        ?? derived.snapshot.map { snapshot in
          snapshot.shards.reduce(snapshot.hours.byteCount) {
            $0 + $1.counts.byteCount + $1.foundByteCount
          }
        } ?? 0
    }
  }

  /// Hands over what the next publication goes on with; nil when nobody ever asked for the snapshot.
  func takeDerivation() -> Derivation? { derived.update { $0.derivation.take() } }
}
