// The fourth part of a poll: compressed files, one at a time, once nothing else is new.

internal import Base

extension Follower {
  func readCompressed(_ now: Int64) {
    guard report.refusal == nil else { return }
    while allowance > 0 {
      guard let turn = catchUp else {
        guard let file = nextCompressed(now) else { return }
        begin(file, now)
        continue
      }
      allowance -= Limits.followedByteCountMax
      do throws(SourceError) {
        guard try advance(turn, now) else { return }
      } catch {
        catchUp = nil
        postpone(turn.reading.file, error, now)
      }
    }
    report.isBehind = true
  }

  /// None as long as plain files are unread: what is compressed may be what is in one of them.
  private func nextCompressed(_ now: Int64) -> FollowedFile? {
    let due = files.values.filter { $0.isCompressed && now >= $0.retryAt && isDue($0, now) }
    guard !due.isEmpty, !files.values.contains(where: { $0.isPending || $0.isUnread }) else {
      return nil
    }
    return due.min { $0.path < $1.path }
  }

  private func isDue(_ file: FollowedFile, _ now: Int64) -> Bool {
    if file.isDirty { return file.restingPollCount >= 1 }
    guard let key = file.waitingFor else { return false }
    return readers[key]?.restsAtEnd(settings.finishAfter, at: now) ?? true
  }

  /// A file that is still being written comes again when it has changed, one that cannot be read after a while.
  private func postpone(_ file: FollowedFile, _ error: SourceError, _ now: Int64) {
    note(error.reason, about: file)
    close(file)
    if case .system = error.problem {
      file.isDirty = true
      file.retryAt = now + Follower.retryMilliseconds
    }
  }

  private func begin(_ file: FollowedFile, _ now: Int64) {
    allowance -= Limits.fingerprintByteCountMax
    file.isDirty = false
    file.waitingFor = nil
    guard let descriptor = open(file, now) else { return }
    do throws(SystemFailure) {
      let container = try CompressedCatchUp.container(
        of: descriptor, byteCount: file.facts.byteCount)
      if isKnown(file, container, now) { return }
      try start(file, descriptor, container, now)
    } catch {
      file.isDirty = true
      fail(file, error, now)
    }
  }

  /// Whether just these compressed bytes were read before.
  private func isKnown(
    _ file: FollowedFile, _ container: Checkpoint.Container, _ now: Int64
  ) -> Bool {
    guard let key = known.finished(container), var checkpoint = known[key] else { return false }
    if checkpoint.identity != file.identity {
      checkpoint.identity = file.identity
      return complete(file, checkpoint, key: known.makeKey(), now)
    }
    known.see(key, at: now)
    close(file)
    file.key = key
    file.checkpoint = checkpoint
    file.state = .finished
    return true
  }

  private func start(
    _ file: FollowedFile, _ descriptor: OpenFile, _ container: Checkpoint.Container, _ now: Int64
  ) throws(SystemFailure) {
    do throws(SourceError) {
      catchUp = CatchUpTurn(
        reading: try CompressedCatchUp(file, descriptor, container: container))
    } catch { postpone(file, error, now) }
  }

  /// One step; false if this poll can do no more.
  private func advance(_ turn: CatchUpTurn, _ now: Int64) throws(SourceError) -> Bool {
    let reading = turn.reading
    guard let start = turn.start else {
      if try reading.examine(known, forcedKind: settings.forcedKind) {
        try judge(reading, now)
      }
      return true
    }
    if reading.offset < start {
      _ = try reading.advance(to: start)
      return true
    }
    return try takeLines(of: reading, now)
  }

  private func takeLines(
    of reading: CompressedCatchUp, _ now: Int64
  ) throws(SourceError) -> Bool {
    try reading.fill()
    let file = reading.file
    let data = reading.buffer.data
    if data.isEmpty {
      guard complete(file, file.checkpoint, key: file.key, now) else { return false }
      catchUp = nil
      return true
    }
    let run = LineRun(
      of: data, isInLongLine: file.checkpoint.isInLongLine,
      endsFile: reading.isAtEnd && !reading.buffer.isFull)
    if run.hasLines {
      switch give(run, of: file, in: reading.buffer, isLast: true, now) {
      case .taken: break
      case .refused: return false
      case .undecided, .left:
        catchUp = nil
        return true
      }
    } else {
      (file.checkpoint, file.headHash) = file.checkpoint(behind: run, in: reading.buffer)
    }
    reading.drop(run.end)
    return true
  }
}
