// Lines that arrive one after the other, from a connection for example. They are in memory when `append` returns,
// visible to queries soon after, and on disk when `finish` returns.

package import Base
internal import Columnar
package import Ingest

/// One stream: one order. It may be used from any thread; calls wait for each other.
package final class IngestStream: Sendable {
  private let engine: Engine
  /// Whether its lines are in the log; what is not must be saved to be durable.
  private let isJournaled: Bool
  private let state: Monitor<State>

  private struct State: ~Copyable {
    let worker: StreamWorker
    var isOver = false
  }

  init(_ engine: Engine, _ worker: StreamWorker, isJournaled: Bool) {
    self.engine = engine
    self.isJournaled = isJournaled
    state = Monitor(State(worker: worker))
  }

  /// Takes whole lines; the last one may lack its newline. Tables may be cut anywhere.
  ///
  /// Waits while files are loaded. Queries see, of every stream, the lines up to some batch: 16,384 events or the end
  /// of an append. They are durable after `finish` or `Engine.acknowledge`.
  /// - Parameter note: what the source wants remembered together with the lines, in one piece with them. Then they
  ///   are at most `StreamWorker.wholeLineCountMax` lines and `wholeByteCountMax` bytes of a kind whose lines stand
  ///   for themselves.
  /// - Throws: `full` when the disk has no room now, `readOnly` when it failed. So many lines are then taken not at
  ///   all; of more, those up to some line may have been. `failed` when a header, or the name of an attribute, cannot
  ///   be used: nothing more can be appended then; what was taken stays.
  package func append(_ lines: ByteSlice, note: SourceNote? = nil) throws(EngineError) {
    try update { worker, sinks throws(StreamError) in
      try worker.take(lines, note: note, into: sinks)
    }
  }

  /// Makes everything durable and visible.
  ///
  /// - Returns: what became of the lines.
  /// - Throws: when the disk refused: what of the lines was taken is there until the process ends, but is not promised.
  package func finish() throws(EngineError) -> LineTally {
    try update { worker, sinks throws(StreamError) in try worker.finish(into: sinks) }
    let tally = state.update { state in
      state.isOver = true
      return state.worker.tally
    }
    guard isJournaled else {
      try engine.save()
      return tally
    }
    try engine.acknowledge()
    engine.publish()
    return tally
  }

  /// What became of the lines so far.
  package var tally: LineTally { state.update { $0.worker.tally } }

  private func update(
    _ body: (StreamWorker, SinkPool) throws(StreamError) -> Void
  ) throws(EngineError) {
    try state.update { state throws(EngineError) in
      guard !state.isOver else { throw .failed("the stream is over") }
      do throws(StreamError) {
        try engine.append { live throws(StreamError) in
          try body(state.worker, live.sinks)
        }
      } catch {
        switch error {
        case .unusable(let error):
          state.isOver = true
          throw .failed("\(error)")
        case .refused(let refusal):
          throw refusal.isPassing ? .full(refusal.reason) : .readOnly(refusal.reason)
        }
      }
    }
  }
}
