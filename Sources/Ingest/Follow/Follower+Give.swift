// Handing lines over, together with the checkpoint that covers them.

internal import Base

extension Follower {
  /// What became of lines that were offered.
  enum Offer {
    case taken
    /// The target does not take anything now.
    case refused
    /// It cannot be told yet what the lines are.
    case undecided
    /// They are of a kind that is not followed.
    case left
  }

  /// Offers the lines of `run`, which are in `buffer`.
  ///
  /// - Parameter isLast: whether nothing will follow that could tell what the lines are.
  func give(
    _ run: LineRun, of file: FollowedFile, in buffer: ReadBuffer, isLast: Bool, _ now: Int64
  ) -> Offer {
    var (next, hash) = file.checkpoint(behind: run, in: buffer)
    let lines = buffer.lines(of: run)
    guard let kind = file.checkpoint.kind ?? kind(of: file, lines) else {
      if !isLast, lines.count < Limits.detectionByteCountMax,
        run.lineCount < Follower.detectionLineCount
      {
        return .undecided
      }
      leave(file, "its lines are in no known format; name the format to follow it")
      return .left
    }
    guard Follower.isFollowed(kind) else {
      leave(file, "a table is not followed; load it with beacon ingest")
      return .left
    }
    (next.kind, next.lastSeen) = (kind, now)
    guard giveFieldsLine(of: file, kind, lines), offer(lines, kind, file, next) else {
      return .refused
    }
    (file.checkpoint, file.headHash) = (next, hash)
    report.lineCount += Int64(run.lineCount)
    report.byteCount += Int64(run.end - run.start)
    return .taken
  }

  /// So many lines without one that can be read are enough.
  private static let detectionLineCount = 64

  private func kind(of file: FollowedFile, _ lines: ByteSlice) -> FileKind? {
    let count = min(lines.count, Limits.detectionByteCountMax)
    return FileKind.detect(name: file.path, head: lines.slice(from: 0, to: count))
  }

  /// Whether lines of this kind stand for themselves.
  static func isFollowed(_ kind: FileKind) -> Bool {
    switch kind {
    case .accessLog, .events(.ndjson): true
    case .events, .attributes: false
    }
  }

  private func offer(
    _ lines: ByteSlice, _ kind: FileKind, _ file: FollowedFile, _ checkpoint: Checkpoint
  ) -> Bool {
    let note = SourceNote(key: file.key, bytes: checkpoint.bytes)
    do throws(FollowRefusal) {
      try target.take(lines, of: kind, name: file.name, note: note)
    } catch {
      report.refusal = error.reason
      self.note("not taken: \(error.reason)", about: file)
      return false
    }
    known.set(file.key, checkpoint)
    storedTimes[file.key] = checkpoint.lastSeen
    file.lastProblem = nil
    return true
  }

  /// Says again which columns the lines have, where a stream did not begin with them. It covers nothing: after a crash
  /// it is said once more, and counts as a comment.
  private func giveFieldsLine(
    of file: FollowedFile, _ kind: FileKind, _ lines: ByteSlice
  ) -> Bool {
    guard kind == .accessLog(.cloudFront) else { return true }
    if file.fieldsLine.isEmpty {
      file.fieldsLine = AccessLogFormat.fieldsLine(head: lines)?.array ?? []
    }
    guard file.fieldsName != file.name, !file.fieldsLine.isEmpty, file.checkpoint.offset > 0 else {
      return true
    }
    let line = file.fieldsLine + [ASCII.newline]
    let isGiven = line.withUnsafeBufferPointer {
      offer(ByteSlice($0), kind, file, file.checkpoint)
    }
    if isGiven { file.fieldsName = file.name }
    return isGiven
  }
}
