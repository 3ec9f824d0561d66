// Attribute files of one JSON object per line. Columns turn up as the lines name them.

package import Base

package struct AttributeJSONParser {
  private let owner: AttributeOwner
  private let scratch = LineScratch()
  /// The member that holds the key; known from the first line on.
  private var keyName: [UInt8]?
  private var attributes = AttributeColumns()
  /// Member names as the file writes them, and their columns; most lines repeat the last one's
  /// order.
  private var known: [(name: [UInt8], column: Int)] = []

  /// The attributes' names so far, as queries write them behind the dot.
  package var columns: [String] { attributes.names }

  package init(owner: AttributeOwner) { self.owner = owner }

  /// Reads one line into `row`; `.event` means that it was filled.
  ///
  /// - Throws: `attributeName` or `tooManyColumns`, for the whole file.
  package mutating func parse(
    _ line: ByteSlice, into row: inout AttributeRow
  ) throws(EventFileError) -> LineOutcome {
    guard line.count <= Limits.lineByteCountMax else { return .rejected(.tooLong) }
    guard !JSONLine.isBlank(line) else { return .ignored(.comment) }
    scratch.reset()
    row.key = .empty
    row.cells.removeAll(keepingCapacity: true)
    guard let keyName = findKeyName(line) else { return .rejected(.malformed) }
    var members = JSONObjectReader(line, scratch: scratch)
    while let (name, value) = members.next() {
      guard let text = JSONLine.text(of: value) else { return .rejected(.malformed) }
      guard text.count <= Limits.fieldByteCountMax else { return .rejected(.fieldTooLong) }
      if isSame(name, keyName) {
        row.key = text
      } else if !text.isEmpty {
        let column = try column(named: name, guess: row.cells.count)
        if row.cells.contains(where: { $0.column == column }) { return .rejected(.malformed) }
        row.cells.append(AttributeCell(column: column, value: text))
      }
    }
    if members.isMalformed { return .rejected(.malformed) }
    return row.key.isEmpty ? .rejected(.missingKey) : .event
  }

  /// The owner's name if the first line that is an object has such a member, else its first
  /// member's.
  private mutating func findKeyName(_ line: ByteSlice) -> [UInt8]? {
    if let keyName { return keyName }
    var first: [UInt8]?
    var members = JSONObjectReader(line, scratch: scratch)
    while let (name, _) = members.next() {
      if name == owner.name { first = name.array }
      first = first ?? name.array
      if name == owner.name { break }
    }
    while members.next() != nil {}
    if members.isMalformed { return nil }
    keyName = first
    return first
  }

  private mutating func column(
    named name: ByteSlice, guess: Int
  ) throws(EventFileError) -> Int {
    if guess < known.count, isSame(name, known[guess].name) { return known[guess].column }
    for entry in known where isSame(name, entry.name) { return entry.column }
    let column = try attributes.column(named: name)
    guard known.count < Limits.columnCountMax else { throw .tooManyColumns }
    known.append((name.array, column))
    return column
  }

  private func isSame(_ name: ByteSlice, _ other: [UInt8]) -> Bool {
    other.withUnsafeBufferPointer { ByteSlice($0) == name }
  }
}
