// Where sources of lines say how they are, for STATUS.

internal import Base
package import Ingest

package final class SourceBoard: Sendable {
  private let body = Monitor<(@Sendable () -> [StatusItem])?>(nil)

  init() {}

  /// Has `body` asked whenever somebody wants to know.
  package func show(_ body: @escaping @Sendable () -> [StatusItem]) {
    self.body.update { $0 = body }
  }

  var items: [StatusItem] { body.update { $0 }?() ?? [] }
}

extension StatusItem {
  /// Files that are listed one by one; a folder may have thousands that are finished.
  private static let fileCountMax = 100

  /// What became of followed files: all together, then those that are not finished.
  package static func items(of files: [FollowStatus]) -> [StatusItem] {
    guard !files.isEmpty else { return [] }
    let open = files.filter { $0.state != .finished }
    return [
      StatusItem("followed_files", files.count),
      StatusItem("followed_lag_bytes", files.reduce(0) { $0 + $1.lagByteCount }),
    ] + open.prefix(fileCountMax).map { StatusItem("file \($0.path)", text(of: $0)) }
  }

  private static func text(of file: FollowStatus) -> String {
    let problem = file.lastProblem.map { "; \($0)" } ?? ""
    return "\(file.state.rawValue), \(file.lineCount) lines, at byte \(file.offset), "
      + "\(file.lagByteCount) bytes behind\(problem)"
  }

  /// What network sources have received.
  package static func items(of sources: [SourceStatus]) -> [StatusItem] {
    sources.map { StatusItem("\($0.transport.rawValue) \($0.address)", text(of: $0)) }
  }

  private static func text(of source: SourceStatus) -> String {
    let reasons = SourceDrops.Reason.allCases.filter { source.drops[$0] > 0 }
      .map { "\($0) \(source.drops[$0])" }
    let drops = reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
    let refused = source.refusedConnectionCount
    let closed = refused == 0 ? "" : " (and \(refused) refused)"
    let refusal = source.refusal.map { "; waits: \($0)" } ?? ""
    return "\(source.messageCount) messages, \(source.tally.eventCount) events, "
      + "\(source.tally.ignoredCount) ignored, \(source.tally.rejectedCount) rejected, "
      + "\(source.drops.total) dropped\(drops), \(source.connectionCount) connections"
      + "\(closed)\(refusal)"
  }
}
