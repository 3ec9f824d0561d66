// Files that one thread reads from beginning to end: event tables, whose records may span lines, and attribute
// files, which are read twice so that a file with a fault leaves nothing behind.

internal import Base
internal import Columnar

struct TableLoader {
  let sink: BatchSink
  let chunk: Chunk

  /// Loads an event table.
  ///
  /// - Returns: why nothing of it was loaded, or nil.
  func loadEvents(_ reader: FileReader, separator: UInt8) throws(SourceError) -> String? {
    var table = EventTable(name: reader.name)
    return try forEachRecord(reader, separator) { step throws(EventFileError) in
      try table.take(step, into: sink)
    }
  }

  /// Loads an attribute file.
  ///
  /// - Returns: why nothing of it was loaded, or nil.
  func loadAttributes(
    _ reader: FileReader, _ owner: AttributeOwner, _ syntax: RecordSyntax
  ) throws(SourceError) -> String? {
    let dryRun = try readAttributes(reader, owner, syntax) { _, _, _ in }
    if dryRun != nil { return dryRun }
    var store = sink.attributeStore(of: owner, file: reader.name)
    defer { store.flush() }
    return try readAttributes(reader, owner, syntax) { outcome, row, columns in
      store.take(outcome, row, columns)
    }
  }

  private func readAttributes(
    _ reader: FileReader, _ owner: AttributeOwner, _ syntax: RecordSyntax,
    _ body: (LineOutcome, AttributeRow, [String]) -> Void
  ) throws(SourceError) -> String? {
    guard let separator = syntax.separator else { return try readObjects(reader, owner, body) }
    var rows = AttributeRows()
    return try forEachRecord(reader, separator) { step throws(EventFileError) in
      try rows.take(step, body)
    }
  }

  private func readObjects(
    _ reader: FileReader, _ owner: AttributeOwner,
    _ body: (LineOutcome, AttributeRow, [String]) -> Void
  ) throws(SourceError) -> String? {
    var parser = AttributeJSONParser(owner: owner)
    var row = AttributeRow()
    let lines = ChunkReader(try reader.source())
    while try lines.read(into: chunk) {
      for line in chunk.lines.lines {
        do throws(EventFileError) {
          body(try parser.parse(line, into: &row), row, parser.columns)
        } catch {
          return error.description
        }
      }
    }
    row.key = .empty
    for _ in 0..<lines.tooLongCount { body(.rejected(.tooLong), row, []) }
    return nil
  }

  /// Hands `body` every step of a table; a header that cannot be used ends the file.
  private func forEachRecord(
    _ reader: FileReader, _ separator: UInt8,
    _ body: (DelimitedStep) throws(EventFileError) -> Void
  ) throws(SourceError) -> String? {
    var source = try reader.source()
    var records = DelimitedReader(separator: separator)
    while true {
      let byteCount = try source.read(into: chunk)
      chunk.fill(byteCount: byteCount)
      if byteCount > 0 { records.feed(chunk.lines) } else { records.finish() }
      do throws(EventFileError) {
        if try records.drain(body) { return nil }
      } catch {
        return error.description
      }
    }
  }
}

/// The events of a table, record by record.
struct EventTable {
  let name: String
  private var parser: EventRecordParser?
  private var event = Event()

  init(name: String) { self.name = name }

  /// - Throws: when the header cannot be used.
  mutating func take(_ step: DelimitedStep, into sink: BatchSink) throws(EventFileError) {
    switch step {
    case .record(let record):
      guard parser != nil else {
        parser = try EventRecordParser(header: record)
        return
      }
      let outcome = parser?.parse(record, into: &event) ?? .rejected(.malformed)
      sink.take(outcome, event, line: record[0], file: name)
    case .rejected(let reason):
      sink.take(.rejected(reason), event, line: .empty, file: name)
    case .blank, .needsMore, .end: break
    }
  }
}

/// The rows of an attribute table, record by record.
struct AttributeRows {
  private var parser: AttributeRecordParser?
  private var row = AttributeRow()

  /// - Throws: when the header cannot be used.
  mutating func take(
    _ step: DelimitedStep, _ body: (LineOutcome, AttributeRow, [String]) -> Void
  ) throws(EventFileError) {
    switch step {
    case .record(let record):
      guard let known = parser else {
        parser = try AttributeRecordParser(header: record)
        return
      }
      body(known.parse(record, into: &row), row, known.columns)
    case .rejected(let reason):
      row.key = .empty
      body(.rejected(reason), row, [])
    case .blank, .needsMore, .end: break
    }
  }
}

extension DelimitedReader {
  /// Hands `body` the records that are there. True at the end of the table, false when more bytes are needed.
  mutating func drain(
    _ body: (DelimitedStep) throws(EventFileError) -> Void
  ) throws(EventFileError) -> Bool {
    while true {
      let step = next()
      if case .needsMore = step { return false }
      if case .end = step { return true }
      try body(step)
    }
  }
}

extension ByteSlice {
  /// The lines, without their newlines.
  var lines: [ByteSlice] {
    var lines: [ByteSlice] = []
    var start = 0
    while start < count {
      let end = ByteSearch.firstIndex(of: ASCII.newline, in: self, from: start) ?? count
      lines.append(slice(from: start, to: end))
      start = end + 1
    }
    return lines
  }
}
