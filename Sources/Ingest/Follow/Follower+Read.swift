// The third part of a poll: files take turns, a chunk each, until nothing is new or the poll has read enough.

internal import Base

extension Follower {
  /// How one turn ended.
  private enum Turn {
    /// There may be more.
    case more
    case atEnd
    case refused
  }

  func readFiles(_ now: Int64) {
    var due = files.values.filter(\.isPending).sorted { $0.key < $1.key }
    // Who was served last comes last, or a few busy files would leave nothing to the others.
    let split = due.firstIndex { $0.key > lastServed } ?? due.count
    due = Array(due[split...] + due[..<split])
    while !due.isEmpty, allowance > 0 {
      var left: [FollowedFile] = []
      for file in due where file.isPending {
        guard allowance > 0 else { break }
        lastServed = file.key
        switch read(file, now) {
        case .more: left.append(file)
        case .atEnd: break
        case .refused: return
        }
      }
      due = left
    }
    if allowance <= 0 { report.isBehind = true }
  }

  private func read(_ file: FollowedFile, _ now: Int64) -> Turn {
    allowance -= Limits.fingerprintByteCountMax
    guard let descriptor = open(file, now) else { return .atEnd }
    do throws(SystemFailure) {
      guard try fill(from: descriptor, file) else { return replaced(file, now) }
      let step = LineRun(
        of: buffer.data, isInLongLine: file.checkpoint.isInLongLine, endsFile: false)
      return take(step, of: file, now)
    } catch {
      fail(file, error, now)
      file.isStalled = true
      file.isDirty = false
      return .atEnd
    }
  }

  /// Reads what follows the file's checkpoint; false if the content before it is another one by now.
  private func fill(
    from descriptor: OpenFile, _ file: FollowedFile
  ) throws(SystemFailure) -> Bool {
    let tail = file.checkpoint.tail
    let isLong = try buffer.fill(
      from: descriptor, at: file.checkpoint.offset, tailByteCount: tail.byteCount)
    guard isLong, Fingerprint(of: buffer.tail) == tail, isBegunAlike(file) else { return false }
    if file.isDirty, try !Follower.beginsWith(file.checkpoint, descriptor) { return false }
    file.isDirty = false
    allowance -= buffer.data.count
    return true
  }

  /// Whether a file of which nothing was taken yet, and which `buffer` has from its beginning, is still the one that
  /// was identified: there are no bytes before its offset that would tell.
  func isBegunAlike(_ file: FollowedFile) -> Bool {
    guard file.checkpoint.offset == 0 else { return true }
    let count = min(buffer.data.count, Limits.fingerprintByteCountMax)
    return file.begins(with: buffer.data.slice(from: 0, to: count))
  }

  /// Whether the beginning is what it was, as far as the bytes before the offset do not tell. Lines may end alike.
  static func beginsWith(
    _ checkpoint: Checkpoint, _ descriptor: OpenFile
  ) throws(SystemFailure) -> Bool {
    guard checkpoint.offset > checkpoint.tail.byteCount else { return true }
    let head = try descriptor.bytes(at: 0, count: checkpoint.head.byteCount)
    return Fingerprint(of: head) == checkpoint.head
  }

  /// The file was truncated or written anew: what was read of it stays known, what it is now is found out.
  private func replaced(_ file: FollowedFile, _ now: Int64) -> Turn {
    readers[file.key] = nil
    file.forgetContent()
    identify(file, onlyAsItself: false, now)
    return .more
  }

  private func take(_ run: LineRun, of file: FollowedFile, _ now: Int64) -> Turn {
    guard run.end > 0 else {
      file.isStalled = true
      return .atEnd
    }
    guard run.hasLines else {
      (file.checkpoint, file.headHash) = file.checkpoint(behind: run, in: buffer)
      return skipHole(file)
    }
    switch give(run, of: file, in: buffer, isLast: false, now) {
    case .taken: return .more
    case .refused: return .refused
    case .undecided:
      file.isStalled = true
      return .atEnd
    case .left: return .atEnd
    }
  }

  /// A writer that kept its place when the file was truncated leaves a hole of any size, which need not be read.
  private func skipHole(_ file: FollowedFile) -> Turn {
    let limit = Int64(Limits.fingerprintByteCountMax)
    guard !file.checkpoint.isInLongLine, file.checkpoint.offset >= limit,
      let descriptor = file.descriptor,
      let end = descriptor.dataOffset(from: file.checkpoint.offset),
      end > file.checkpoint.offset,
      let tail = try? descriptor.bytes(at: end - limit, count: Int(limit)), tail.count == limit
    else { return .more }
    file.checkpoint.offset = end
    file.checkpoint.tail = Fingerprint(of: tail)
    return .more
  }
}
