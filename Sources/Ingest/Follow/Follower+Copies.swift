// Files that begin like one that is being read. Such a file is a copy ("copytruncate" makes one, and truncates the
// original only afterwards), or it will turn out to be another one as soon as it differs. Until then its lines are
// the original's lines, so there is no harm in waiting.

internal import Base

extension Follower {
  /// The file being read whose content begins with this one's, or the other way round.
  func relative(
    of file: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8]
  ) throws(SystemFailure) -> FollowedFile? {
    for original in similar(to: file) {
      guard let other = original.descriptor ?? (try? OpenFile(path: original.path)),
        let status = try? other.facts(), status.identity == original.identity
      else { continue }
      let count = min(status.facts.byteCount, file.facts.byteCount)
      if try Follower.areEqual(descriptor, other, head, upTo: count) { return original }
    }
    return nil
  }

  func similar(to file: FollowedFile) -> [FollowedFile] {
    var found: [FollowedFile] = []
    for other in readers.values
    where other !== file && other.isFollowing && other.mayBeginLike(file) {
      found.append(other)
      if found.count == Limits.relationCountMax { break }
    }
    return found
  }

  /// Whether both contents begin with the same `count` bytes: judged by both ends of these.
  private static func areEqual(
    _ file: OpenFile, _ other: OpenFile, _ head: [UInt8], upTo count: Int64
  ) throws(SystemFailure) -> Bool {
    guard count > 0 else { return false }
    let edge = Int(min(count, Int64(Limits.fingerprintByteCountMax)))
    guard try other.bytes(at: 0, count: edge) == Array(head.prefix(edge)) else { return false }
    let start = count - Int64(edge)
    return try file.bytes(at: start, count: edge) == other.bytes(at: start, count: edge)
  }

  /// Waits until the file differs from `original`, or until that is read no longer. If nothing happens to either, then
  /// it is a copy: what they have in common is not read again.
  func wait(
    _ file: FollowedFile, for original: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8],
    _ now: Int64
  ) throws(SystemFailure) {
    file.isDirty = false
    if file.rests(settings.finishAfter, at: now) {
      if file.facts.byteCount <= original.checkpoint.offset {
        return try adopt(file, descriptor, head, like: original.key, now)
      }
      if original.restsAtEnd(settings.finishAfter, at: now) {
        return try resume(file, descriptor, head, from: original.key, now)
      }
    }
    file.state = .copy(key: original.key, extent: try extent(of: file, descriptor, head))
  }

  /// The key under which all of this copy was read already, if it was one when last looked at and is what it was.
  func wasCopied(
    _ file: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8]
  ) throws(SystemFailure) -> UInt64? {
    guard case .copy(let key, let before) = file.state, let offset = known[key]?.offset,
      before.byteCount <= offset, try extent(of: file, descriptor, head) == before
    else { return nil }
    return key
  }

  /// - Parameter head: the file's first bytes, as many as there are up to `Limits.fingerprintByteCountMax`.
  private func extent(
    of file: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8]
  ) throws(SystemFailure) -> FollowedFile.Extent {
    let byteCount = file.facts.byteCount
    let edge = Int(min(byteCount, Int64(Limits.fingerprintByteCountMax)))
    return FollowedFile.Extent(
      byteCount: byteCount, head: Fingerprint(of: head.prefix(edge)),
      tail: Fingerprint(of: try descriptor.bytes(at: byteCount - Int64(edge), count: edge)))
  }

  /// Remembers a copy all of whose content was read under `key`.
  func adopt(
    _ file: FollowedFile, _ descriptor: OpenFile, _ head: [UInt8], like key: UInt64, _ now: Int64
  ) throws(SystemFailure) {
    let extent = try extent(of: file, descriptor, head)
    var checkpoint = Checkpoint(path: file.path, identity: file.identity)
    (checkpoint.offset, checkpoint.head, checkpoint.tail) =
      (extent.byteCount, extent.head, extent.tail)
    checkpoint.kind = known[key]?.kind
    checkpoint.isFinished = true
    file.isDirty = !complete(file, checkpoint, key: known.makeKey(), now)
  }

  /// Remembers that there is nothing more to read of a file; false if that was refused, and has to be tried again.
  func complete(
    _ file: FollowedFile, _ checkpoint: Checkpoint, key: UInt64, _ now: Int64
  ) -> Bool {
    var checkpoint = checkpoint
    checkpoint.isFinished = true
    checkpoint.lastSeen = now
    guard remember(key, checkpoint) else { return false }
    close(file)
    file.key = key
    file.checkpoint = checkpoint
    file.state = .finished
    return true
  }
}
