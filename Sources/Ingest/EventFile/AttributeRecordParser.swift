// Attribute files in CSV or TSV: the first column is the key, every other one an attribute.

internal import Base

/// Parses the records behind the header.
package struct AttributeRecordParser {
  private let attributes: AttributeColumns

  /// The attributes' names, as queries write them behind the dot.
  package var columns: [String] { attributes.names }

  /// - Throws: `attributeName`, `duplicateColumn` or `tooManyColumns`.
  package init(header: DelimitedRecord) throws(EventFileError) {
    var attributes = AttributeColumns()
    for index in 1..<max(1, header.count) {
      let column = try attributes.column(named: header[index])
      guard column == index - 1 else { throw .duplicateColumn(attributes.names[column]) }
    }
    self.attributes = attributes
  }

  /// Reads one record into `row`; `.event` means that it was filled.
  package func parse(_ record: DelimitedRecord, into row: inout AttributeRow) -> LineOutcome {
    guard record.count == attributes.names.count + 1 else { return .rejected(.malformed) }
    row.key = record[0]
    row.cells.removeAll(keepingCapacity: true)
    guard !row.key.isEmpty else { return .rejected(.missingKey) }
    guard row.key.count <= Limits.fieldByteCountMax else { return .rejected(.fieldTooLong) }
    var index = 1
    while index < record.count {
      let value = record[index]
      guard value.count <= Limits.fieldByteCountMax else { return .rejected(.fieldTooLong) }
      if !value.isEmpty { row.cells.append(AttributeCell(column: index &- 1, value: value)) }
      index &+= 1
    }
    return .event
  }
}
