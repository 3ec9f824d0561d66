// The pipeline of one stream: lines that arrive piece by piece, in one order, on whatever thread brings them. It parses
// with the same parsers and fills the same kind of sinks as files do.

package import Base

package final class StreamWorker {
  private let options: IngestOptions
  private let journal: any Journal
  private let input: any StreamInput
  /// What became of the lines so far.
  package private(set) var tally = LineTally()

  /// What `take` takes whole or not at all: so many lines, of so many bytes together.
  package static let wholeLineCountMax = EventBatch.eventCountMax
  package static let wholeByteCountMax = 1 << 20

  /// - Parameters:
  ///   - kind: what the lines are.
  ///   - name: what rejected lines are said to be from.
  ///   - journal: keeps events before they are put into memory. Attributes do not go through it.
  package init(
    _ kind: FileKind, name: String, options: IngestOptions, journal: any Journal
  ) {
    self.options = options
    self.journal = journal
    input =
      switch kind {
      case .events(.ndjson): LineInput(EventJSONParser(), name)
      case .events(let syntax): EventTableInput(syntax, name)
      case .accessLog(let format): LineInput(format.makeParser(routes: options.routes), name)
      case .attributes(let owner, .ndjson): AttributeObjectInput(owner, name)
      case .attributes(let owner, let syntax): AttributeTableInput(owner, syntax, name)
      }
  }

  /// Parses whole lines and gives their events to the shards. Afterwards nothing is held back, except a record of a
  /// table whose end has not come.
  ///
  /// - Parameters:
  ///   - note: what the source wants remembered together with the lines. Then they are no more than `wholeLineCountMax`
  ///     lines and `wholeByteCountMax` bytes, of a kind whose lines stand for themselves.
  ///   - sinks: of the shards that take the events.
  /// - Throws: `unusable` when a header, or the name of an attribute, cannot be used: the stream is over. `refused`
  ///   when the journal did not take all: none of the lines if they are no more than such a number, else those behind
  ///   some line.
  package func take(
    _ lines: ByteSlice, note: SourceNote? = nil, into sinks: SinkPool
  ) throws(StreamError) {
    // Values that are coded stay in the dictionaries for ever, also those of lines that are refused.
    if let refusal = journal.refusal { throw .refused(refusal) }
    try fill(sinks, note) { sink throws(EventFileError) in try input.take(lines, sink) }
  }

  /// Takes what was held back.
  package func finish(into sinks: SinkPool) throws(StreamError) {
    try fill(sinks, nil) { sink throws(EventFileError) in try input.finish(sink) }
  }

  private func fill(
    _ sinks: SinkPool, _ note: SourceNote?, _ body: (BatchSink) throws(EventFileError) -> Void
  ) throws(StreamError) {
    let sink = sinks.take(options, journal)
    sink.begin(tally)
    let result = Result { () throws(EventFileError) in try body(sink) }
    sink.flush(note: note)
    let refusal = sink.takeRefusal()
    tally = sink.tally
    sinks.give(sink)
    if let refusal { throw .refused(refusal) }
    if case .failure(let error) = result { throw .unusable(error) }
  }
}

/// Why lines of a stream were not taken.
package enum StreamError: Error, Equatable, Sendable {
  case unusable(EventFileError)
  case refused(JournalRefusal)
}

/// One kind of stream.
private protocol StreamInput: AnyObject {
  func take(_ bytes: ByteSlice, _ sink: BatchSink) throws(EventFileError)
  func finish(_ sink: BatchSink) throws(EventFileError)
}

extension StreamInput {
  func finish(_ sink: BatchSink) throws(EventFileError) {}
}

/// Lines that stand for themselves. The parser lives as long as the stream, for some formats state their columns once.
private final class LineInput: StreamInput {
  private var parser: any LineParser
  private let name: String

  init(_ parser: any LineParser, _ name: String) {
    self.parser = parser
    self.name = name
  }

  func take(_ bytes: ByteSlice, _ sink: BatchSink) { sink.take(bytes, &parser, file: name) }
}

/// Events in a table.
private final class EventTableInput: StreamInput {
  private var records: DelimitedReader
  private var table: EventTable

  init(_ syntax: RecordSyntax, _ name: String) {
    records = DelimitedReader(separator: syntax.separator ?? ASCII.comma)
    table = EventTable(name: name)
  }

  func take(_ bytes: ByteSlice, _ sink: BatchSink) throws(EventFileError) {
    records.feed(bytes)
    try drain(sink)
  }

  func finish(_ sink: BatchSink) throws(EventFileError) {
    records.finish()
    try drain(sink)
  }

  private func drain(_ sink: BatchSink) throws(EventFileError) {
    _ = try records.drain { step throws(EventFileError) in try table.take(step, into: sink) }
  }
}

/// Attributes in a table.
private final class AttributeTableInput: StreamInput {
  private var records: DelimitedReader
  private var rows = AttributeRows()
  private let owner: AttributeOwner
  private let name: String

  init(_ owner: AttributeOwner, _ syntax: RecordSyntax, _ name: String) {
    records = DelimitedReader(separator: syntax.separator ?? ASCII.comma)
    self.owner = owner
    self.name = name
  }

  func take(_ bytes: ByteSlice, _ sink: BatchSink) throws(EventFileError) {
    records.feed(bytes)
    try drain(sink)
  }

  func finish(_ sink: BatchSink) throws(EventFileError) {
    records.finish()
    try drain(sink)
  }

  private func drain(_ sink: BatchSink) throws(EventFileError) {
    try sink.withAttributes(of: owner, file: name) { store throws(EventFileError) in
      _ = try records.drain { step throws(EventFileError) in
        try rows.take(step) { outcome, row, columns in store.take(outcome, row, columns) }
      }
    }
  }
}

/// Attributes as one object per line.
private final class AttributeObjectInput: StreamInput {
  private var parser: AttributeJSONParser
  private var row = AttributeRow()
  private let owner: AttributeOwner
  private let name: String

  init(_ owner: AttributeOwner, _ name: String) {
    parser = AttributeJSONParser(owner: owner)
    self.owner = owner
    self.name = name
  }

  func take(_ bytes: ByteSlice, _ sink: BatchSink) throws(EventFileError) {
    try sink.withAttributes(of: owner, file: name) { store throws(EventFileError) in
      for line in bytes.lines {
        store.take(try parser.parse(line, into: &row), row, parser.columns)
      }
    }
  }
}
