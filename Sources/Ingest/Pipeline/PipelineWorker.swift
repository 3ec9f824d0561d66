// One thread of the pipeline: its chunk, its batch, its parser.

internal import Base
internal import Columnar

final class PipelineWorker {
  let sink: BatchSink
  let chunk = Chunk()
  private let options: IngestOptions

  init(shared: SharedState, shards: [Shard], options: IngestOptions) {
    self.options = options
    sink = BatchSink(shared: shared, shards: shards, options: options)
  }

  /// Parses the lines of the chunk.
  func parse(_ reader: FileReader) {
    switch reader.kind {
    case .events: parse(EventJSONParser(), reader.name)
    case .accessLog(let format):
      reader.fieldsLine.withUnsafeBufferPointer { fields in
        parse(format.makeParser(routes: options.routes, fieldsLine: ByteSlice(fields)), reader.name)
      }
    case .attributes: preconditionFailure("attribute files are loaded whole")
    }
  }

  private func parse(_ parser: consuming some LineParser, _ file: String) {
    sink.take(chunk.lines, &parser, file: file)
  }

  /// Loads a file that one thread reads whole.
  ///
  /// - Returns: why nothing of it was loaded, or nil.
  func load(_ reader: FileReader) throws(SourceError) -> String? {
    let loader = TableLoader(sink: sink, chunk: chunk)
    switch reader.kind {
    case .events(let syntax):
      return try loader.loadEvents(reader, separator: syntax.separator ?? ASCII.comma)
    case .attributes(let owner, let syntax):
      return try loader.loadAttributes(reader, owner, syntax)
    case .accessLog: preconditionFailure("access logs are parsed chunk by chunk")
    }
  }
}
