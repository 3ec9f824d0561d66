// Lines that arrive one after the other, from a connection for example. They are in memory when `append` returns,
// visible to queries soon after, and on disk when `finish` returns.

package import Base
internal import Columnar
package import Ingest

/// One stream: one order. It may be used from any thread; calls wait for each other.
package final class IngestStream: Sendable {
  private let engine: Engine
  private let state: Monitor<State>

  private struct State: ~Copyable {
    let worker: StreamWorker
    var live: LiveShards
    var isOver = false
  }

  init(_ engine: Engine, _ worker: StreamWorker, _ live: LiveShards) {
    self.engine = engine
    state = Monitor(State(worker: worker, live: live))
  }

  /// Takes whole lines; the last one may lack its newline. Tables may be cut anywhere.
  ///
  /// Waits while files are loaded. Queries see, of every stream, the lines up to some batch: 16,384 events or the end
  /// of an append.
  /// - Throws: `failed` when a header, or the name of an attribute, cannot be used. Nothing more can be appended then;
  ///   what was taken stays.
  package func append(_ lines: ByteSlice) throws(EngineError) {
    try update { worker throws(EventFileError) in try worker.take(lines) }
  }

  /// Makes everything durable and visible.
  ///
  /// - Returns: what became of the lines.
  /// - Throws: `failed` when the disk refused: the lines are there until the process ends, and are saved together with
  ///   the next ones.
  package func finish() throws(EngineError) -> LineTally {
    try update { worker throws(EventFileError) in try worker.finish() }
    let tally = state.update { state in
      state.isOver = true
      return state.worker.tally
    }
    try engine.save()
    return tally
  }

  /// What became of the lines so far.
  package var tally: LineTally { state.update { $0.worker.tally } }

  private func update(
    _ body: (StreamWorker) throws(EventFileError) -> Void
  ) throws(EngineError) {
    try state.update { state throws(EngineError) in
      guard !state.isOver else { throw .failed("the stream is over") }
      do throws(EventFileError) {
        try engine.append { live throws(EventFileError) in
          if live !== state.live {
            state.worker.move(to: live.shared, live.shards)
            state.live = live
          }
          try body(state.worker)
        }
      } catch {
        state.isOver = true
        throw .failed("\(error)")
      }
    }
  }
}
