// What is shown of the followed files.

internal import Base

extension Follower {
  /// Every file that is there or is still read, ordered by path.
  package var status: [FollowStatus] {
    files.values.map(Follower.status).sorted { $0.path < $1.path }
  }

  private static func status(of file: FollowedFile) -> FollowStatus {
    let checkpoint = file.checkpoint
    let isDone: Bool =
      switch file.state {
      case .finished, .notFollowed: true
      case .unidentified, .copy, .following, .compressed: false
      }
    return FollowStatus(
      path: file.name, state: state(of: file), offset: checkpoint.offset,
      byteCount: file.facts.byteCount,
      lagByteCount: isDone ? 0 : max(0, file.facts.byteCount - checkpoint.offset),
      lineCount: checkpoint.lineCount, longLineCount: checkpoint.longLineCount,
      lastProblem: file.lastProblem)
  }

  private static func state(of file: FollowedFile) -> FollowStatus.State {
    switch file.state {
    case .unidentified: file.retryAt > .min ? .unreadable : .new
    case .copy: .copy
    case .following: file.isMovedAside ? .rotated : .following
    case .compressed: file.waitingFor == nil ? .compressed : .copy
    case .finished: .finished
    case .notFollowed: .notFollowed
    }
  }
}
