// The engine as the server's backend.

package import Base
package import Engine
package import Ingest
package import Query
internal import Glibc

package final class EngineBackend: Backend {
  private let engine: Monitor<Engine>
  private let options: IngestOptions

  /// - Parameter options: how hits are read; the kind of input is each client's choice.
  package init(_ engine: sending Engine, options: IngestOptions) {
    self.engine = Monitor(engine)
    self.options = options
  }

  package func query(
    _ text: [UInt8], settings: QuerySettings, cancellation: Cancellation
  ) throws(QueryError) -> ResultTable {
    let result = engine.update { engine in
      Result { () throws(QueryError) in
        try engine.query(
          String(decoding: text, as: UTF8.self), settings: settings, cancellation: cancellation)
      }
    }
    return try result.get()
  }

  package func beginIngest(_ kind: FileKind) throws(IngestError) -> any HitStream {
    var options = options
    options.kind = kind
    return try SpooledStream(engine, options)
  }
}

/// Collects a client's lines in a file, and loads the file at the end.
private final class SpooledStream: HitStream {
  private let engine: Monitor<Engine>
  private let options: IngestOptions
  private let path: String
  private let descriptor: Int32

  init(_ engine: Monitor<Engine>, _ options: IngestOptions) throws(IngestError) {
    self.engine = engine
    self.options = options
    var template = Array("/tmp/beacon-hits-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { throw IngestError("no room for hits") }
  }

  func append(_ lines: [UInt8]) throws(IngestError) {
    guard write(descriptor, lines, lines.count) == lines.count else {
      throw IngestError("no room for hits")
    }
  }

  func finish() throws(IngestError) -> IngestCounts {
    close(descriptor)
    defer { unlink(path) }
    let file = InputFile(path: path, name: "INGEST", byteCount: 0)
    let options = options
    let result = engine.update { engine in
      Result { () throws(EngineError) in try engine.load([file], options: options) }
    }
    do throws(EngineError) {
      let tally = try result.get().tally
      return IngestCounts(
        accepted: tally.eventCount, ignored: tally.ignoredCount, rejected: tally.rejectedCount,
        repeated: tally.shards.repeated)
    } catch {
      throw IngestError("\(error)")
    }
  }
}
