// A backend without data: it echoes queries, fails on demand, works until it is told to stop, and remembers hits.

import Base
import Engine
import Ingest
import Query
import Server
import Synchronization

final class EchoBackend: Backend {
  struct State {
    var runningCount = 0
    var answeredCount = 0
    var reasons: [Cancellation.Reason] = []
    /// Lines of streams that were ended.
    var kept: [[UInt8]] = []
    var isHeld = false
  }

  private let monitor = Monitor(State())

  var state: State { monitor.update { $0 } }

  /// Waits until the state is as wanted.
  func wait(until isWanted: (State) -> Bool) {
    _ = monitor.wait { isWanted($0) ? true : nil }
  }

  /// Keeps streams from taking lines, or lets them go on.
  func hold(_ isHeld: Bool) { monitor.update { $0.isHeld = isHeld } }

  func query(
    _ text: [UInt8], settings: QuerySettings, cancellation: Cancellation
  ) throws(QueryError) -> ResultTable {
    monitor.update { $0.runningCount += 1 }
    defer {
      monitor.update {
        $0.runningCount -= 1
        $0.answeredCount += 1
      }
    }
    let words = String(decoding: text, as: UTF8.self).split(separator: " ")
    switch words.dropFirst().first {
    case "forever": throw stopped(cancellation)
    case "error": throw QueryError("no such thing", at: 7..<12, hint: "try\nanother")
    case "rows": return table((0..<(Int(words[2]) ?? 0)).map { "row \($0)" }, settings)
    case "broken": return table(["a\nb\r\n", "\t\\"], settings)
    default: return table([String(decoding: text, as: UTF8.self)], settings)
    }
  }

  /// Works until it is told to stop, as a query does.
  private func stopped(_ cancellation: Cancellation) -> QueryError {
    while true {
      guard let reason = cancellation.reason else { continue }
      monitor.update { $0.reasons.append(reason) }
      return QueryError(
        "stopped", at: 0..<0, kind: reason == .cancelled ? .cancelled : .timeout)
    }
  }

  private func table(_ texts: [String], _ settings: QuerySettings) -> ResultTable {
    var column = ResultColumn(name: settings.audience.rawValue, type: .text)
    for text in texts { column.append(text) }
    return ResultTable(columns: [column])
  }

  var status: [StatusItem] { [StatusItem("state", "echoes")] }

  func beginIngest(_ kind: FileKind, name: String) throws(IngestError) -> any HitStream {
    if kind == .accessLog(.caddy) { throw IngestError("no caddy today") }
    return Stream(self)
  }

  /// Everybody has as many events as their key has bytes, and a message; `nobody` has nothing.
  func forget(_ recipient: [UInt8]) throws(ForgetError) -> RemovalCounts {
    if recipient == Array("fail".utf8) { throw ForgetError("disk full") }
    if recipient == Array("nobody".utf8) { return RemovalCounts() }
    return RemovalCounts(events: recipient.count, messages: 1, recipients: 1)
  }

  func synchronize() throws(IngestError) {}

  /// Lines that begin with `hit` are accepted, with `other` ignored, with `fail` end the stream; all else is rejected.
  private final class Stream: HitStream {
    private let backend: EchoBackend
    private let lines = Mutex<[UInt8]>([])

    init(_ backend: EchoBackend) { self.backend = backend }

    func append(_ lines: [UInt8]) throws(IngestError) {
      backend.wait { !$0.isHeld }
      if String(decoding: lines, as: UTF8.self).contains("fail") { throw IngestError("disk full") }
      self.lines.withLock { $0 += lines }
    }

    var tally: LineTally { LineTally() }

    func close() throws(IngestError) { _ = try finish() }

    func finish() throws(IngestError) -> IngestCounts {
      let all = lines.withLock { $0 }
      backend.monitor.update { $0.kept.append(all) }
      var counts = IngestCounts()
      for line in String(decoding: all, as: UTF8.self).split(separator: "\n") {
        if line.hasPrefix("hit") {
          counts.accepted += 1
        } else if line.hasPrefix("other") {
          counts.ignored += 1
        } else {
          counts.rejected += 1
        }
      }
      return counts
    }
  }
}
