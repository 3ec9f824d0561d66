// Event files in CSV or TSV: which column is which field, and records as events.

internal import Base

/// Parses the records behind the header. A header that cannot be used is an error for the file.
///
///     guard case .record(let header) = reader.next() else { ... }
///     var parser = try EventRecordParser(header: header)
package struct EventRecordParser {
  private var assembly = EventAssembly()
  /// The field of every column; nil for columns that are skipped.
  private let columns: [EventField?]

  /// - Throws: `missingColumn` or `duplicateColumn` with the column's name.
  package init(header: DelimitedRecord) throws(EventFileError) {
    var columns: [EventField?] = []
    for index in 0..<header.count {
      let field = HeaderName.normalized(header[index]).withUnsafeBufferPointer {
        EventField(name: ByteSlice($0))
      }
      if let field, columns.contains(field) { throw .duplicateColumn("\(field.name)") }
      columns.append(field)
    }
    for field in EventField.required where !columns.contains(field) {
      throw .missingColumn("\(field.name)")
    }
    self.columns = columns
  }

  /// Reads one record into `event`. Slices are valid until the reader's next call.
  package mutating func parse(
    _ record: DelimitedRecord, into event: inout Event
  ) -> LineOutcome {
    guard record.count == columns.count else { return .rejected(.malformed) }
    assembly.begin(&event)
    var index = 0
    while index < record.count {
      if let field = columns[index], let reason = assembly.set(field, record[index], &event) {
        return .rejected(reason)
      }
      index &+= 1
    }
    return assembly.finish(event)
  }
}
