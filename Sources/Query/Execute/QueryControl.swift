// Why a query must stop before it is done: somebody cancelled it, its time is over, or a thread met a limit.

internal import Base
internal import Synchronization

/// A limit that was met while a query ran.
enum QueryFailure: Sendable {
  case revenueOverflow
  case sumOverflow
  case tooManyGroups(Int)
  case tooManyRows(Int)
  case tooManyTexts(Int)
}

final class QueryControl: Sendable {
  private let cancellation: Cancellation
  private let failure = Mutex<QueryFailure?>(nil)
  private let hasFailed = Atomic(false)
  private let rowCount = Atomic(0)

  init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  /// Whether threads should give up.
  var mustStop: Bool { hasFailed.load(ordering: .relaxed) || cancellation.reason != nil }

  /// Notes why the query fails; the first reason stays.
  func fail(_ reason: QueryFailure) {
    failure.withLock { $0 = $0 ?? reason }
    hasFailed.store(true, ordering: .relaxed)
  }

  /// Adds rows that are to be listed.
  ///
  /// - Returns: how many there are now.
  func addRows(_ count: Int) -> Int { rowCount.add(count, ordering: .relaxed).newValue }

  /// - Throws: what made the query stop, if something did.
  func check() throws(QueryError) {
    if let failure = failure.withLock({ $0 }) { throw QueryControl.error(failure) }
    switch cancellation.reason {
    case nil: return
    case .cancelled: throw QueryError("the query was cancelled", at: 0..<0, kind: .cancelled)
    case .timedOut:
      throw QueryError(
        "the query took longer than its timeout", at: 0..<0,
        hint: "SETTINGS timeout = '60 s' gives it more", kind: .timeout)
    }
  }

  private static func error(_ failure: QueryFailure) -> QueryError {
    switch failure {
    case .revenueOverflow:
      QueryError(
        "a revenue is beyond 9,223,372,036,854", at: 0..<0, hint: "leave out events with odd values"
      )
    case .sumOverflow:
      QueryError(
        "a sum is beyond what its type holds", at: 0..<0,
        hint: "leave out what is so large, or cast integers to double precision")
    case .tooManyGroups(let limit):
      QueryError(
        "more than \(limit) groups", at: 0..<0, hint: "SETTINGS max_groups allows more",
        kind: .limit)
    case .tooManyTexts(let limit):
      QueryError(
        "more than \(limit) texts, or 2 GiB of them, had to be made", at: 0..<0,
        hint: "leave out functions and casts that make a text of every row", kind: .limit)
    case .tooManyRows(let limit):
      QueryError(
        "more than \(limit) rows", at: 0..<0,
        hint: "add LIMIT, or allow more with SETTINGS max_groups", kind: .limit)
    }
  }
}
