// The second part of a poll: of files that are new, or not what they were, which content they are.

internal import Base

extension Follower {
  func identifyFiles(_ now: Int64) {
    let undecided = files.values.filter { file in
      now >= file.retryAt && (file.isUndecided || isLastChance(file, now))
    }
    guard !undecided.isEmpty else { return }
    // What is identified is open until it was read.
    let count = min(
      Limits.identificationCountMax, max(0, 2 * settings.openFileCountMax - openFileCount))
    // Files that are what they were come before copies of them.
    let own = undecided.filter { known.knows($0.identity) && !$0.isForeign }
    for file in own.prefix(count) { identify(file, onlyAsItself: true, now) }
    if own.count <= count {
      // Originals come before what is still being copied from them.
      let rest = undecided.filter { $0.isUndecided || isLastChance($0, now) }.sorted {
        ($1.facts.byteCount, $0.path) < ($0.facts.byteCount, $1.path)
      }
      for file in rest.prefix(count) { identify(file, onlyAsItself: false, now) }
    }
    if count > 0, undecided.count(where: \.isUnread) > count { report.isBehind = true }
  }

  /// Whether a file without a newline will not get one any more.
  private func isLastChance(_ file: FollowedFile, _ now: Int64) -> Bool {
    file.isUnended && file.isMovedAside && file.rests(settings.finishAfter, at: now)
  }

  /// Finds out what a file is, as far as that can be known.
  ///
  /// - Parameter onlyAsItself: whether to find out only if it still is what its own checkpoint says.
  func identify(_ file: FollowedFile, onlyAsItself: Bool, _ now: Int64) {
    guard let descriptor = open(file, now) else { return }
    do throws(SystemFailure) {
      file.facts = try descriptor.facts().facts
      let head = try descriptor.bytes(at: 0, count: Limits.fingerprintByteCountMax)
      // Fewer bytes could be the beginning of anything, and hold no line that says anything.
      guard head.count >= 4 else {
        file.isDirty = false
        return
      }
      if let reason = Follower.unreadable(head) { return leave(file, reason) }
      if Follower.isCompressed(head) {
        file.state = .compressed
        return
      }
      // Half a line is the beginning of many others.
      file.isUnended = head.count < Limits.fingerprintByteCountMax && !head.contains(ASCII.newline)
      if file.isUnended, !isLastChance(file, now) {
        file.isDirty = false
        return
      }
      file.isUnended = false
      file.setBeginning(head)
      let best = try bestMatch(file, descriptor, head)
      if let best, known[best]?.identity == file.identity {
        try resume(file, descriptor, head, from: best, now)
      } else if onlyAsItself {
        file.isForeign = true
      } else {
        try identify(file, descriptor, head, best, now)
      }
    } catch { fail(file, error, now) }
  }

  func fail(_ file: FollowedFile, _ failure: SystemFailure, _ now: Int64) {
    note(failure.text, about: file)
    file.retryAt = now + Follower.retryMilliseconds
  }

  /// Nothing of this file is taken.
  func leave(_ file: FollowedFile, _ reason: String) {
    note(reason, about: file)
    file.state = .notFollowed
    close(file)
  }

  private static func unreadable(_ head: [UInt8]) -> String? {
    head.withUnsafeBufferPointer { CompressionFormat.unsupportedName(ByteSlice($0)) }
      .map { SourceError(name: "", problem: .unsupported($0)).reason }
  }

  private static func isCompressed(_ head: [UInt8]) -> Bool {
    head.withUnsafeBufferPointer { CompressionFormat.detect(ByteSlice($0)) } != .plain
  }

  /// A file that is not what was read under its own number: a copy, or new.
  private func identify(
    _ file: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8], _ best: UInt64?, _ now: Int64
  ) throws(SystemFailure) {
    if let original = try relative(of: file, descriptor, head) {
      return try wait(file, for: original, descriptor, head, now)
    }
    if let best { return try resume(file, descriptor, head, from: best, now) }
    if let key = try wasCopied(file, descriptor, head) {
      return try adopt(file, descriptor, head, like: key, now)
    }
    begin(file)
  }

  /// The checkpoint that is furthest into this content; of equals, this file's own.
  private func bestMatch(
    _ file: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8]
  ) throws(SystemFailure) -> UInt64? {
    let keys = head.withUnsafeBufferPointer {
      known.candidates(ByteSlice($0))
    }
    var best: (offset: Int64, isOwn: Bool, key: UInt64)?
    for key in keys {
      guard let checkpoint = known[key], checkpoint.offset <= file.facts.byteCount,
        checkpoint.offset > 0, try Follower.holds(descriptor, checkpoint)
      else { continue }
      let isOwn = checkpoint.identity == file.identity
      if let best, (best.offset, best.isOwn ? 1 : 0) >= (checkpoint.offset, isOwn ? 1 : 0) {
        continue
      }
      best = (checkpoint.offset, isOwn, key)
    }
    return best?.key
  }

  /// Whether the bytes before the checkpoint's offset are what they were.
  private static func holds(
    _ descriptor: OpenFile, _ checkpoint: Checkpoint
  ) throws(SystemFailure) -> Bool {
    let count = checkpoint.tail.byteCount
    let bytes = try descriptor.bytes(at: checkpoint.offset - Int64(count), count: count)
    return Fingerprint(of: bytes) == checkpoint.tail
  }

  /// A file whose content is new.
  private func begin(_ file: FollowedFile) {
    file.checkpoint = Checkpoint(path: file.path, identity: file.identity)
    file.checkpoint.kind = settings.forcedKind
    file.headHash = ContentHash()
    file.fieldsName = file.name
    follow(file, key: known.makeKey())
  }

  private func follow(_ file: FollowedFile, key: UInt64) {
    file.key = key
    file.state = .following
    file.lastProblem = nil
    file.isDirty = true
    file.isStalled = false
    readers[key] = file
  }

  /// Goes on where the checkpoint of `key` stands: as the file it names, or as another one with the same content.
  func resume(
    _ file: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8], from key: UInt64, _ now: Int64
  ) throws(SystemFailure) {
    guard var checkpoint = known[key] else { return }
    let isOwn = checkpoint.identity == file.identity
    checkpoint.identity = file.identity
    checkpoint.container = nil
    checkpoint.lastSeen = now
    let isComplete = checkpoint.isFinished && checkpoint.offset == file.facts.byteCount
    checkpoint.isFinished = isComplete && isOwn
    file.checkpoint = checkpoint
    file.headHash = ContentHash()
    head.withUnsafeBufferPointer {
      let covered = ByteSlice($0).slice(from: 0, to: checkpoint.head.byteCount)
      file.headHash.update(covered)
    }
    if checkpoint.kind == .accessLog(.cloudFront) {
      file.fieldsLine = try Follower.fieldsLine(descriptor)
    }
    follow(file, key: isOwn ? key : known.makeKey())
    // Both must stay known as long as this file is there. If it is refused now, the lines to come say it again.
    if !isOwn { _ = remember(file.key, checkpoint) }
    if checkpoint.isFinished {
      file.state = .finished
      file.isDirty = false
      close(file)
    }
  }

  private static func fieldsLine(_ descriptor: OpenFile) throws(SystemFailure) -> [UInt8] {
    let head = try descriptor.bytes(at: 0, count: Limits.detectionByteCountMax)
    return head.withUnsafeBufferPointer {
      AccessLogFormat.fieldsLine(head: ByteSlice($0))?.array ?? []
    }
  }
}

extension FollowedFile {
  /// Whether `identify` has to look at it.
  fileprivate var isUndecided: Bool {
    switch state {
    case .unidentified: isDirty
    case .copy: true
    case .finished: isDirty
    case .notFollowed: isDirty && facts.byteCount < 4
    case .following, .compressed: false
    }
  }
}
