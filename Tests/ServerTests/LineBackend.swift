// A backend that remembers the lines of its streams, and takes or keeps nothing when it is told so.

import Base
import Engine
import Ingest
import Query
import Server

final class LineBackend: Backend {
  struct State {
    /// Lines that were appended, in order.
    var lines: [String] = []
    var kinds: [FileKind] = []
    var names: [String] = []
    var closedCount = 0
    var synchronizedCount = 0
    /// Why nothing is taken.
    var refusal: String?
    /// Whether that is the disk's fault, so that streams live on.
    var isDiskRefusal = false
    /// Why nothing is made durable.
    var synchronizeRefusal: String?
    var isHeld = false
  }

  private let monitor = Monitor(State())

  var state: State { monitor.update { $0 } }

  func set(_ body: (inout State) -> Void) { monitor.update { body(&$0) } }

  /// Waits until the state is as wanted.
  func wait(until isWanted: (State) -> Bool) {
    _ = monitor.wait { isWanted($0) ? true : nil }
  }

  func query(
    _ text: [UInt8], settings: QuerySettings, cancellation: Cancellation
  ) throws(QueryError) -> ResultTable { ResultTable(columns: []) }

  func beginIngest(_ kind: FileKind, name: String) throws(IngestError) -> any HitStream {
    if let refusal = state.refusal { throw IngestError(refusal) }
    monitor.update {
      $0.kinds.append(kind)
      $0.names.append(name)
    }
    return Stream(backend: self)
  }

  func synchronize() throws(IngestError) {
    if let refusal = state.synchronizeRefusal { throw IngestError(refusal) }
    monitor.update { $0.synchronizedCount += 1 }
  }

  var status: [StatusItem] { [] }

  /// It knows no recipients.
  func forget(_ recipient: [UInt8]) throws(ForgetError) -> RemovalCounts { RemovalCounts() }

  private struct Stream: HitStream {
    let backend: LineBackend
    let taken = Monitor(LineTally())

    var tally: LineTally { taken.update { $0 } }

    func append(_ lines: [UInt8]) throws(IngestError) {
      backend.wait { !$0.isHeld }
      let state = backend.state
      if let refusal = state.refusal { throw IngestError(refusal, isDisk: state.isDiskRefusal) }
      let lines = String(decoding: lines, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false
      ).dropLast().map { String($0) }
      taken.update { $0.lineCount += lines.count }
      backend.monitor.update { $0.lines += lines }
    }

    func close() throws(IngestError) { backend.monitor.update { $0.closedCount += 1 } }

    func finish() throws(IngestError) -> IngestCounts { IngestCounts() }
  }
}
