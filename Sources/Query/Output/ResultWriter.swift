// Writes a result in the format somebody asked for, in chunks, so that a large result needs no
// second copy.

package import Base

/// The formats there are. Raw values are their names on the command line and in the line protocol.
package enum ResultFormat: String, CaseIterable, Sendable {
  /// For people: aligned columns.
  case table
  /// RFC 4180, with a header.
  case csv
  /// Tab-separated with ClickHouse's escaping, `\N` for NULL and a header.
  case tsv
  /// One object: `columns` (name and type) and `rows` (an object each).
  case json
  /// One object per row and line.
  case ndjson
}

package struct ResultWriter: Sendable {
  package var format: ResultFormat
  /// Columns of the terminal; a table is cut to it. Nil does not cut.
  package var terminalWidth: Int?
  /// Whether `csv` puts `'` before text that a spreadsheet would take for a formula.
  package var isFormulaSafe = true

  /// A chunk is handed to the sink when it has grown beyond this.
  private static let chunkByteCount = 65_536
  /// Most values take no more.
  private static let cellByteCount = 24

  package init(_ format: ResultFormat, terminalWidth: Int? = nil) {
    self.format = format
    self.terminalWidth = terminalWidth
  }

  /// Hands the written bytes to `sink`, chunk by chunk; a chunk is valid during the call only.
  package func write<Failure: Error>(
    _ table: ResultTable, to sink: (ByteSlice) throws(Failure) -> Void
  ) throws(Failure) {
    switch format {
    case .table: try write(AlignedRows(table, terminalWidth: terminalWidth), table, sink)
    case .csv: try write(CSVRows(table, isFormulaSafe: isFormulaSafe), table, sink)
    case .tsv: try write(TSVRows(table), table, sink)
    case .json: try write(JSONRows(table, isOneDocument: true), table, sink)
    case .ndjson: try write(JSONRows(table, isOneDocument: false), table, sink)
    }
  }

  /// Appends the written bytes to `output`.
  package func write(_ table: ResultTable, into output: inout [UInt8]) {
    write(table) { (chunk: ByteSlice) throws(Never) in output.append(contentsOf: chunk.buffer) }
  }

  private func write<Rows: RowWriter, Failure: Error>(
    _ rows: Rows, _ table: ResultTable, _ sink: (ByteSlice) throws(Failure) -> Void
  ) throws(Failure) {
    var rows = rows
    var chunk: [UInt8] = []
    let cellCount = (table.rowCount + 1) * table.columns.count
    chunk.reserveCapacity(
      min(ResultWriter.chunkByteCount * 2, cellCount * ResultWriter.cellByteCount))
    rows.appendHead(to: &chunk)
    for row in 0..<table.rowCount {
      rows.append(row, to: &chunk)
      if chunk.count > ResultWriter.chunkByteCount {
        try flush(&chunk, sink)
      }
    }
    rows.appendTail(to: &chunk)
    try flush(&chunk, sink)
  }

  private func flush<Failure: Error>(
    _ chunk: inout [UInt8], _ sink: (ByteSlice) throws(Failure) -> Void
  ) throws(Failure) {
    // The closure's own error type cannot be inferred through the standard library's generic
    // rethrow.
    try chunk.withUnsafeBufferPointer { (buffer) throws(Failure) in try sink(ByteSlice(buffer)) }
    chunk.removeAll(keepingCapacity: true)
  }
}

/// One format: what comes before, for and after the rows.
protocol RowWriter {
  func appendHead(to output: inout [UInt8])
  mutating func append(_ row: Int, to output: inout [UInt8])
  func appendTail(to output: inout [UInt8])
}
