// The counters of one source: its connections write them, whoever asks reads them.

internal import Ingest
internal import Synchronization

final class SourceLedger: Sendable {
  private struct State {
    var status: SourceStatus
    /// Of the streams that are open. What they end with goes to the status.
    var tallies: [ObjectIdentifier: LineTally] = [:]
  }

  private let state: Mutex<State>

  init(_ status: SourceStatus) { state = Mutex(State(status: status)) }

  var status: SourceStatus {
    state.withLock { state in
      var status = state.status
      for tally in state.tallies.values { status.tally.add(tally) }
      return status
    }
  }

  func update(_ body: (inout SourceStatus) -> Void) { state.withLock { body(&$0.status) } }

  func drop(_ count: Int, _ reason: SourceDrops.Reason) {
    guard count > 0 else { return }
    update { $0.drops[reason] += count }
  }

  /// Says what became of a stream's lines so far.
  func count(_ tally: LineTally, of stream: ObjectIdentifier) {
    state.withLock { $0.tallies[stream] = tally }
  }

  /// The stream has ended with what was last said of it.
  func close(_ stream: ObjectIdentifier) {
    state.withLock { state in
      if let tally = state.tallies.removeValue(forKey: stream) { state.status.tally.add(tally) }
    }
  }
}
