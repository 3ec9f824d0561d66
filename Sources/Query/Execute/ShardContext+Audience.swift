// Which rows of a segment exist under a query's audience: all opens and clicks are somebody's, a person's or a
// machine's.

internal import Base
internal import Columnar

/// How many of some events exist under the audience.
enum Existence {
  case all
  /// Which ones has to be found out.
  case some
  case none
}

extension ShardContext {
  /// The rows of a kind in two parts, the second behind the first; parts may be empty.
  func rows(
    of kind: EventKind, in segment: Int, _ part: Int
  ) -> (rows: Range<Int>, existence: Existence) {
    let rows = shard.segments[segment].rows(ofKind: kind.rawValue)
    let audience = query.settings.audience
    guard audience != .all, kind == .opened || kind == .clicked else {
      return (part == 0 ? rows : rows.upperBound..<rows.upperBound, .all)
    }
    guard let split = shard.splits[segment].firstMachine(of: kind) else {
      return (part == 0 ? rows : rows.upperBound..<rows.upperBound, .some)
    }
    let isPeople = part == 0
    return (
      isPeople ? rows.lowerBound..<split : split..<rows.upperBound,
      isPeople == (audience == .human) ? .all : .none
    )
  }
}
