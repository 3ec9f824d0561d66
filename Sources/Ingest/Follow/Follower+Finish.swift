// The last parts of a poll: closing files that were moved aside and rest, and forgetting what is gone for long.

internal import Base

extension Follower {
  func finishFiles(_ now: Int64) {
    guard report.refusal == nil else { return }
    for file in files.values
    where file.isFollowing && file.isMovedAside && !file.isPending
      && file.rests(settings.finishAfter, at: now)
    {
      finish(file, now)
    }
  }

  /// Takes what is left, which needs no newline now, and closes the file.
  private func finish(_ file: FollowedFile, _ now: Int64) {
    guard let descriptor = open(file, now) else { return }
    do throws(SystemFailure) {
      let tail = file.checkpoint.tail
      let isLong = try buffer.fill(
        from: descriptor, at: file.checkpoint.offset, tailByteCount: tail.byteCount)
      guard isLong, Fingerprint(of: buffer.tail) == tail, isBegunAlike(file) else {
        file.isDirty = true
        return
      }
      guard takeRest(of: file, now) else { return }
      if file.checkpoint.offset == 0 {
        file.state = .finished
        close(file)
      } else {
        _ = complete(file, file.checkpoint, key: file.key, now)
      }
    } catch { fail(file, error, now) }
  }

  /// Takes what is in the buffer; false if that is not the end of the file, or not followed, or refused.
  private func takeRest(of file: FollowedFile, _ now: Int64) -> Bool {
    if buffer.data.isEmpty { return true }
    let run = LineRun(
      of: buffer.data, isInLongLine: file.checkpoint.isInLongLine, endsFile: !buffer.isFull)
    if run.hasLines {
      let isEnd = run.end == buffer.data.count
      guard case .taken = give(run, of: file, in: buffer, isLast: true, now) else { return false }
      return isEnd
    }
    (file.checkpoint, file.headHash) = file.checkpoint(behind: run, in: buffer)
    return file.checkpoint.offset == file.facts.byteCount
  }

  func forget(_ now: Int64) {
    guard report.refusal == nil else { return }
    let isOverfull = known.checkpoints.count > settings.checkpointCountMax
    guard now >= forgetAt || isOverfull else { return }
    let isComplete = refresh(now)
    forgetAt = isComplete ? now + settings.forgetAfter / 64 : now
    let used = Set(files.values.map(\.key))
    let unused = known.checkpoints.filter { !used.contains($0.key) }
    if !isUndecided(now) {
      // What is written down may be older than what is true by the time between two refreshments.
      let oldest = now - settings.forgetAfter - settings.forgetAfter / 8
      for (key, checkpoint) in unused where checkpoint.lastSeen < oldest { drop(key) }
    }
    guard isOverfull else { return }
    let excess = known.checkpoints.count - settings.checkpointCountMax
    let byAge = unused.sorted { $0.value.lastSeen < $1.value.lastSeen }
    for (key, _) in byAge.prefix(max(0, excess)) where known[key] != nil { drop(key) }
  }

  /// Writes down that files are still there; false if some are left for the next poll.
  private func refresh(_ now: Int64) -> Bool {
    var count = 0
    for file in files.values {
      guard var checkpoint = known[file.key], let stored = storedTimes[file.key],
        now - stored > settings.forgetAfter / 8
      else { continue }
      guard count < Limits.refreshCountMax else { return false }
      count += 1
      checkpoint.lastSeen = now
      guard remember(file.key, checkpoint) else { return false }
    }
    return true
  }

  /// Whether a file may still turn out to be one whose checkpoint seems to be of nothing that is there.
  private func isUndecided(_ now: Int64) -> Bool {
    files.values.contains { file in
      guard file.facts.byteCount >= 4, now - file.changedAt < settings.forgetAfter else {
        return false
      }
      switch file.state {
      case .unidentified, .copy, .compressed: return true
      case .following, .finished, .notFollowed: return false
      }
    }
  }

  private func drop(_ key: UInt64) {
    do throws(FollowRefusal) {
      try target.remember(SourceNote(key: key, bytes: []))
    } catch {
      report.refusal = error.reason
      return
    }
    known.remove(key)
    storedTimes[key] = nil
  }
}
