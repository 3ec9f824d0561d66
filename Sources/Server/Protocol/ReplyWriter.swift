// Replies as bytes: a status line, then exactly the lines it announces, whatever the format and the values.
//
// SAFETY: text is lent by its column for the length of a call, and copied in it.

internal import Base
internal import Query

package struct ReplyWriter: Sendable {
  package var format: ReplyFormat
  package var rowCountMax: Int
  package var byteCountMax: Int

  package init(_ format: ReplyFormat, limits: ServerLimits = ServerLimits()) {
    self.format = format
    rowCountMax = limits.rowCountMax
    byteCountMax = limits.replyByteCountMax
  }

  /// Appends a reply. A table beyond a limit becomes ERR LIMIT.
  package func append(_ reply: Reply, microseconds: Int, to output: inout [UInt8]) {
    switch reply {
    case .done: appendStatus(0, 0, microseconds, to: &output)
    case .failure(let error): append(error, to: &output)
    case .table(let table):
      let start = output.count
      do throws(ProtocolError) {
        try append(table, microseconds, to: &output)
      } catch {
        output.removeSubrange(start...)
        append(error, to: &output)
      }
    }
  }

  private func append(_ error: ProtocolError, to output: inout [UInt8]) {
    output.append(
      contentsOf: "ERR \(error.code.rawValue) \(error.position) \(error.message)\n".utf8)
  }

  private func appendStatus(
    _ rowCount: Int, _ columnCount: Int, _ microseconds: Int, to output: inout [UInt8]
  ) {
    output.append(contentsOf: "OK \(rowCount) \(columnCount) \(microseconds)\n".utf8)
  }

  private func append(
    _ table: ResultTable, _ microseconds: Int, to output: inout [UInt8]
  ) throws(ProtocolError) {
    guard table.rowCount <= rowCountMax else {
      throw ProtocolError(
        .limit, "the answer has \(table.rowCount) rows; the most is \(rowCountMax): add LIMIT")
    }
    appendStatus(table.rowCount, table.columns.count, microseconds, to: &output)
    guard !table.columns.isEmpty else { return }
    appendHead(of: table, to: &output)
    switch format {
    case .tsv, .typed: try appendRows(of: table, .tsv, to: &output)
    case .csv: try appendRows(of: ReplyWriter.unbroken(table), .csv, to: &output)
    case .json: try appendRows(of: table, .ndjson, to: &output)
    }
  }

  private func appendHead(of table: ResultTable, to output: inout [UInt8]) {
    switch format {
    case .tsv: output += ReplyWriter.head(of: table, .tsv, name: \.name)
    case .typed: output += ReplyWriter.head(of: table, .tsv, name: ReplyWriter.typedName)
    case .csv:
      output += ReplyWriter.head(of: table, .csv) { column in
        String(decoding: column.name.utf8.map(ReplyWriter.unbroken), as: UTF8.self)
      }
    case .json:
      // What a document without rows begins with.
      output += ReplyWriter.head(of: table, .json, name: \.name)
      output.removeLast(",\"rows\":[]}\n".utf8.count)
      output.append(contentsOf: "}\n".utf8)
    }
  }

  /// `name:type`, and `@zone` where the times are not UTC's.
  private static func typedName(_ column: ResultColumn) -> String {
    let zone = column.type == .timestamp && !column.zone.isUTC ? "@\(column.zone.name)" : ""
    return "\(column.name):\(column.type.rawValue)\(zone)"
  }

  /// What a table with these columns and no rows is written as.
  private static func head(
    of table: ResultTable, _ format: ResultFormat, name: (ResultColumn) -> String
  ) -> [UInt8] {
    let columns = table.columns.map { ResultColumn(name: name($0), type: $0.type) }
    var bytes: [UInt8] = []
    ResultWriter(format).write(ResultTable(columns: columns), into: &bytes)
    return bytes
  }

  /// The table as it is written locally, without its header.
  private func appendRows(
    of table: ResultTable, _ format: ResultFormat, to output: inout [UInt8]
  ) throws(ProtocolError) {
    let end = output.count + byteCountMax
    // The writer hands out the whole header with its first chunk.
    var headByteCount = ReplyWriter.head(of: table, format, name: \.name).count
    try ResultWriter(format).write(table) { (chunk: ByteSlice) throws(ProtocolError) in
      guard output.count + chunk.count <= end else {
        throw ProtocolError(
          .limit, "the answer has more bytes than \(byteCountMax), the most: add LIMIT")
      }
      output.append(contentsOf: chunk.suffix(from: headByteCount).buffer)
      headByteCount = 0
    }
  }

  /// The table with spaces for the line ends in its texts; CSV has no other way to keep a row on one line.
  private static func unbroken(_ table: ResultTable) -> ResultTable {
    ResultTable(columns: table.columns.map { $0.type == .text ? unbroken($0) : $0 })
  }

  private static func unbroken(_ column: ResultColumn) -> ResultColumn {
    var copy = ResultColumn(name: column.name, type: .text)
    copy.reserveCapacity(column.rowCount)
    for row in 0..<column.rowCount {
      if column.isNull(row) {
        copy.appendNull()
      } else {
        column.withText(row) { text in
          text.buffer.contains(where: isLineEnd)
            ? text.buffer.map(unbroken).withUnsafeBufferPointer { copy.append(ByteSlice($0)) }
            : copy.append(text)
        }
      }
    }
    return copy
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == ASCII.newline || byte == ASCII.carriageReturn
  }

  private static func unbroken(_ byte: UInt8) -> UInt8 { isLineEnd(byte) ? ASCII.space : byte }
}
