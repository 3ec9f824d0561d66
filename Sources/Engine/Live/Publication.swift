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
  private let threadCount: Int
  private let derived: Monitor<Derived>

  private struct Derived {
    var snapshot: Snapshot?
    /// What the next publication goes on with.
    var derivation: Derivation?
    /// Whether there will be a next one.
    var isContinued: Bool
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
    self.threadCount = threadCount
    let snapshot = derivation?.snapshot
    derived = Monitor(
      Derived(
        snapshot: snapshot, derivation: derivation, isContinued: desk.store.isWriter))
  }

  /// What queries see. When a cold column cannot be read for it, it is worth nothing, and made again for the next who
  /// asks.
  var snapshot: Snapshot {
    let (snapshot, isFresh) = derived.update { derived in
      if let snapshot = derived.snapshot { return (snapshot, false) }
      let failureCount = cold.failureCount
      let derivation = Derivation(shards, shared, live, threadCount: threadCount)
      guard cold.failure(since: failureCount) == nil else { return (derivation.snapshot, true) }
      derived.snapshot = derivation.snapshot
      if derived.isContinued { derived.derivation = derivation }
      return (derivation.snapshot, true)
    }
    // Deriving takes arrays for whole shards, and what it leaves behind lies between them.
    if isFresh { FreedMemory.release() }
    return snapshot
  }

  /// Bytes of what was derived: what the next publication goes on with, or what queries alone need.
  var derivedByteCount: Int {
    derived.update { derived in
      derived.derivation?.byteCount
        ?? derived.snapshot.map { snapshot in
          snapshot.shards.reduce(snapshot.hours.byteCount) {
            $0 + $1.counts.byteCount + $1.repetitionByteCount
          }
        } ?? 0
    }
  }

  /// Hands over what the next publication goes on with; nil when nobody ever asked for the snapshot.
  func takeDerivation() -> Derivation? { derived.update { $0.derivation.take() } }
}
