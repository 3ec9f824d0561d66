// What a compressed file turned out to be, once it was seen to its end: content that is known up to some place, a
// copy of what is still being read, or something new.

internal import Base

extension Follower {
  func judge(_ reading: CompressedCatchUp, _ now: Int64) throws(SourceError) {
    let content = reading.content
    let file = reading.file
    if let kind = content.kind, !Follower.isFollowed(kind) {
      catchUp = nil
      return leave(file, "a table is not followed; load it with beacon ingest")
    }
    let best = bestKey(content, file)
    if let best, known[best]?.identity == file.identity {
      return try resume(reading, from: best, now)
    }
    file.setBeginning(content.head)
    if let original = relative(of: content, file, now) {
      return wait(reading, for: original, now)
    }
    try resume(reading, from: best, now)
  }

  /// The checkpoint that is furthest into the content; of equals, the file's own.
  private func bestKey(_ content: CompressedCatchUp.Content, _ file: FollowedFile) -> UInt64? {
    content.keys.max { left, right in
      (known[left]?.offset ?? 0, known[left]?.identity == file.identity ? 1 : 0)
        < (known[right]?.offset ?? 0, known[right]?.identity == file.identity ? 1 : 0)
    }
  }

  /// The file being read whose content begins with this one's, or the other way round.
  private func relative(
    of content: CompressedCatchUp.Content, _ file: FollowedFile, _ now: Int64
  ) -> FollowedFile? {
    let owners = content.keys.lazy.compactMap { self.readers[$0] }
    if let owner = owners.first(where: { !$0.restsAtEnd(self.settings.finishAfter, at: now) }) {
      return owner
    }
    return similar(to: file).first { other in
      let start = content.byteCount - Int64(content.end.count)
      guard let descriptor = other.descriptor, content.byteCount > 0,
        let bytes = try? descriptor.bytes(at: start, count: content.end.count)
      else { return false }
      return bytes == content.end
    }
  }

  /// Its lines are the original's. When all of them were taken there, nothing is left to do.
  private func wait(_ reading: CompressedCatchUp, for original: FollowedFile, _ now: Int64) {
    let file = reading.file
    let content = reading.content
    catchUp = nil
    guard content.byteCount <= original.checkpoint.offset else {
      file.waitingFor = original.key
      return close(file)
    }
    var checkpoint = Checkpoint(path: file.path, identity: file.identity)
    checkpoint.offset = content.byteCount
    checkpoint.head = Fingerprint(of: content.head)
    checkpoint.tail = Fingerprint(of: content.end)
    checkpoint.kind = original.checkpoint.kind
    checkpoint.container = reading.container
    if !complete(file, checkpoint, key: known.makeKey(), now) { file.isDirty = true }
  }

  /// Begins the second reading where the checkpoint of `key` stands; at the beginning without one.
  private func resume(
    _ reading: CompressedCatchUp, from key: UInt64?, _ now: Int64
  ) throws(SourceError) {
    let file = reading.file
    let old = key.flatMap { known[$0] }
    var checkpoint = old ?? Checkpoint(path: file.path, identity: file.identity)
    checkpoint.container = reading.container
    checkpoint.identity = file.identity
    checkpoint.isFinished = false
    checkpoint.kind = checkpoint.kind ?? settings.forcedKind
    file.key = key.flatMap { old?.identity == file.identity ? $0 : nil } ?? known.makeKey()
    file.checkpoint = checkpoint
    file.fieldsLine = reading.content.fieldsLine
    file.fieldsName = checkpoint.offset == 0 ? file.name : nil
    file.headHash = ContentHash()
    reading.content.head.prefix(checkpoint.head.byteCount).withContiguousStorageIfAvailable {
      file.headHash.update(ByteSlice($0))
    }
    try reading.restart()
    catchUp?.start = checkpoint.offset
  }
}
