// One file that a pattern names, or that was moved aside and is still read: where it stands.

internal import Base

final class FollowedFile {
  enum State {
    /// It has to be found out whether its content is known.
    case unidentified
    /// Its content, as far as it went then, is how that of the file being read under `key` begins.
    case copy(key: UInt64, extent: Extent)
    /// Read as it grows.
    case following
    /// Compressed: to be decompressed once it rests.
    case compressed
    /// Nothing more is expected.
    case finished
    case notFollowed
  }

  /// A content by how far it goes and what is at both ends.
  struct Extent: Equatable {
    let byteCount: Int64
    let head: Fingerprint
    let tail: Fingerprint
  }

  let identity: FileIdentity
  var state = State.unidentified
  /// The path at present; the last one if it has none.
  var path: String
  var facts: FileFacts
  /// Whether a pattern finds it.
  var isListed = true
  /// Whether it looks like what a rotation made of a file that is also there.
  var hasRotatedName = false
  /// Whether its content may have changed since it was last looked at.
  var isDirty = true
  /// Whether what is behind the offset is no whole line, and did not change since.
  var isStalled = false
  /// Whether its number is known, but from another content.
  var isForeign = false
  /// Whether it has no whole line yet, so that nothing can be said about it.
  var isUnended = false
  var descriptor: OpenFile?

  /// Which note is its own; 0 while it has none.
  var key: UInt64 = 0
  var checkpoint: Checkpoint
  /// The hash of the head while it is shorter than it will be.
  var headHash = ContentHash()
  /// The first few bytes, and the hash of more where there were as many, to compare files quickly.
  private var beginning: [UInt8] = []
  private var fullHead: ContentDigest?
  /// The `#Fields` line, for logs whose columns are stated once.
  var fieldsLine: [UInt8] = []
  /// The name under which the target has the fields line, or needs none.
  var fieldsName: String?

  /// Milliseconds, by the caller's clock.
  var changedAt: Int64
  /// Polls since then: a clock that jumps is not time that passes.
  var restingPollCount = 0
  var retryAt = Int64.min
  /// The key of a file that has to be read to its end before this compressed one can be judged.
  var waitingFor: UInt64?
  var lastProblem: String?

  init(_ sighting: Sighting, path: String, now: Int64) {
    identity = sighting.identity
    facts = sighting.facts
    self.path = path
    changedAt = now
    checkpoint = Checkpoint(path: path, identity: identity)
  }

  /// Whether the name it was first seen under is no longer its own.
  var isMovedAside: Bool { !isListed || path != checkpoint.path || hasRotatedName }

  var isFollowing: Bool { if case .following = state { true } else { false } }

  /// Whether it must be kept although no pattern finds it any more: it has lines that were not taken.
  var isHeld: Bool {
    switch state {
    case .following, .copy: true
    case .unidentified: isUnended
    case .compressed, .finished, .notFollowed: false
    }
  }

  var isCompressed: Bool { if case .compressed = state { true } else { false } }

  /// What messages and the target call it.
  var name: String { isListed ? path : "\(path) (moved aside)" }

  /// Whether there may be something to read.
  var isPending: Bool {
    isFollowing && (isDirty || (facts.byteCount > checkpoint.offset && !isStalled))
  }

  /// Whether nothing is known of it although it has been there to be read.
  var isUnread: Bool {
    if case .unidentified = state { isListed && isDirty && retryAt == .min } else { false }
  }

  /// Whether nothing was added to it for so long that it has to be taken as it is.
  func restsAtEnd(_ duration: Int64, at now: Int64) -> Bool {
    rests(duration, at: now) && checkpoint.offset == facts.byteCount && checkpoint.offset > 0
  }

  /// Takes note of what the system says now.
  func see(_ newFacts: FileFacts, now: Int64) {
    if newFacts.mayDiffer(from: facts) {
      isDirty = true
      isStalled = false
      isForeign = false
    }
    if newFacts.statusChanged != facts.statusChanged { retryAt = .min }
    if newFacts.differs(from: facts) {
      changedAt = now
      restingPollCount = 0
    } else {
      restingPollCount += 1
    }
    facts = newFacts
  }

  /// Remembers how its content begins.
  func setBeginning(_ head: [UInt8]) {
    beginning = Array(head.prefix(64))
    fullHead =
      head.count == Limits.fingerprintByteCountMax ? Fingerprint(of: head).digest : nil
  }

  /// Whether its content still begins as it did when it was found out what it is.
  ///
  /// - Parameter head: its first bytes, as many as there are up to `Limits.fingerprintByteCountMax`.
  func begins(with head: ByteSlice) -> Bool {
    if let fullHead { return Fingerprint(of: head).digest == fullHead }
    return head.buffer.starts(with: beginning)
  }

  /// Whether its content may be the beginning of the other's, or the other way round.
  func mayBeginLike(_ other: FollowedFile) -> Bool {
    if let fullHead, let otherHead = other.fullHead { return fullHead == otherHead }
    return zip(beginning, other.beginning).allSatisfy { $0 == $1 }
  }

  /// Whether it did not change for so many milliseconds.
  func rests(_ duration: Int64, at now: Int64) -> Bool {
    restingPollCount >= 2 && now - changedAt >= duration
  }

  /// Its content is not what it was: everything about it has to be found out again.
  func forgetContent() {
    state = .unidentified
    key = 0
    checkpoint = Checkpoint(path: path, identity: identity)
    headHash = ContentHash()
    beginning = []
    fullHead = nil
    fieldsLine = []
    fieldsName = nil
    isStalled = false
    isUnended = false
    isDirty = true
  }

  /// The checkpoint behind `run`, whose bytes are the data of `buffer`.
  func checkpoint(behind run: LineRun, in buffer: ReadBuffer) -> (Checkpoint, ContentHash) {
    var next = checkpoint
    var hash = headHash
    next.offset += Int64(run.end)
    next.tail = buffer.mark(behind: run.end)
    next.lineCount += Int64(run.lineCount)
    next.longLineCount += Int64(run.longLineCount)
    next.isInLongLine = run.isInLongLine
    let missing = Limits.fingerprintByteCountMax - next.head.byteCount
    if missing > 0 {
      let more = min(missing, run.end)
      hash.update(buffer.data.slice(from: 0, to: more))
      next.head = Fingerprint(byteCount: next.head.byteCount + more, digest: hash.finish())
    }
    return (next, hash)
  }
}
