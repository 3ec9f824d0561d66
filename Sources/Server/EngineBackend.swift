// The engine as the server's backend.
//
// SAFETY: lines are lent to the engine for the length of a call, which copies what it keeps.

package import Base
package import Engine
package import Ingest
package import Query

package struct EngineBackend: Backend {
  private let engine: Engine
  private let options: IngestOptions
  /// Says what STATUS says besides what the engine knows of itself.
  package let sources = SourceBoard()

  /// - Parameter options: how hits are read; the kind of input is each client's choice.
  package init(_ engine: Engine, options: IngestOptions) {
    self.engine = engine
    self.options = options
  }

  package func query(
    _ text: [UInt8], settings: QuerySettings, cancellation: Cancellation
  ) throws(QueryError) -> ResultTable {
    do throws(QueryError) {
      return try engine.query(text, settings: settings, cancellation: cancellation)
    } catch {
      // A query that was stopped was a large one: what it held goes back to the system, not into the allocator's stock.
      if error.kind != .query { FreedMemory.release() }
      throw error
    }
  }

  package var status: [StatusItem] {
    StatusItem.items(of: engine.status, engine.durability) + sources.items
  }

  package func beginIngest(
    _ kind: FileKind, name: String
  ) throws(IngestError) -> any HitStream {
    do throws(EngineError) {
      return EngineStream(
        stream: try engine.beginIngest(kind, name: name, options: options),
        durability: engine.durability.rawValue, isTable: kind.isTable)
    } catch {
      throw IngestError(error)
    }
  }

  package func forget(_ recipient: [UInt8]) throws(ForgetError) -> RemovalCounts {
    do throws(EngineError) {
      return try engine.forget([recipient])
    } catch {
      throw ForgetError(error.sentence, isDisk: error.isDisk)
    }
  }

  package func synchronize() throws(IngestError) {
    do throws(EngineError) { try engine.acknowledge() } catch { throw IngestError(error) }
  }
}

/// One client's lines on their way into the engine.
private struct EngineStream: HitStream {
  let stream: IngestStream
  let durability: String
  /// Whether the end of the stream is the end of its last record.
  let isTable: Bool

  var tally: LineTally { stream.tally }

  func append(_ lines: [UInt8]) throws(IngestError) {
    do throws(EngineError) {
      try lines.withUnsafeBufferPointer { (buffer) throws(EngineError) in
        try stream.append(ByteSlice(buffer))
      }
    } catch {
      throw IngestError(error)
    }
  }

  func close() throws(IngestError) { if isTable { _ = try finish() } }

  func finish() throws(IngestError) -> IngestCounts {
    do throws(EngineError) {
      let tally = try stream.finish()
      // A shard that is full has read the line and not kept it.
      let refusedCount = tally.shards.refused
      return IngestCounts(
        accepted: tally.eventCount - refusedCount, ignored: tally.ignoredCount,
        rejected: tally.rejectedCount + refusedCount, repeated: tally.shards.repeated,
        durability: durability)
    } catch {
      throw IngestError(error)
    }
  }
}

extension IngestError {
  fileprivate init(_ error: EngineError) { self.init(error.sentence, isDisk: error.isDisk) }
}

extension EngineError {
  /// Whether the disk is full or has failed.
  fileprivate var isDisk: Bool {
    switch self {
    case .full, .readOnly: true
    case .failed, .damaged: false
    }
  }
}
