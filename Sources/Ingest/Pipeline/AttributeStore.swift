// Takes the rows of an attribute file to where their owners live: a row's values become codes, and its owner is looked
// up once for all of them. Rows about recipients are collected and go to their shards many at once, as events do.

internal import Base
internal import Columnar

struct AttributeStore {
  let owner: AttributeOwner
  private let sink: BatchSink
  private let shared: SharedState
  private let shards: [Shard]
  /// What rejected rows are said to be from.
  private let file: String
  /// By column of the file: the number of the recipients' attribute, once a row stated it.
  private var attributes: [Int?] = []
  private var statements: [AttributeStatement] = []
  /// Empty before and after each flush.
  private let rows: RecipientRows

  /// - Parameter sink: whose caches know the values' codes, and which counts what becomes of the rows.
  init(
    of owner: AttributeOwner, in file: String, sink: BatchSink, shared: SharedState,
    shards: [Shard], rows: RecipientRows
  ) {
    self.owner = owner
    self.sink = sink
    self.shared = shared
    self.shards = shards
    self.file = file
    self.rows = rows
  }

  /// Takes a row that was read, and sees to it that it is counted, at the latest by `flush`.
  mutating func take(_ outcome: LineOutcome, _ row: AttributeRow, _ columns: [String]) {
    guard outcome == .event else { return sink.countRow(outcome, key: row.key, file: file) }
    statements.removeAll(keepingCapacity: true)
    let codes = sink.attributeCodes
    for cell in row.cells {
      guard let value = codes.code(cell.value) else { break }
      statements.append(AttributeStatement(attribute: cell.column, value: value))
    }
    if owner == .recipient { numberAttributes(columns) }
    // Without room for one of the values, those before it are stated.
    let isWhole = statements.count == row.cells.count
    switch owner {
    case .campaign: count(state(columns, of: shared.code(.campaign, row.key)) && isWhole, row.key)
    case .link: count(state(columns, of: shared.code(.link, row.key)) && isWhole, row.key)
    case .recipient:
      if statements.isEmpty { return count(isWhole, row.key) }
      if !rows.hasRoom(for: row.key, statements.count) { flush() }
      rows.append(row.key, statements, isWhole: isWhole)
    }
  }

  /// Gives the shards what was collected for them.
  func flush() {
    let ends = rows.partition()
    var start = 0
    for (shard, end) in zip(shards, ends) {
      if end > start {
        shard.withState { rows.state(start..<end, in: &$0) }
      }
      start = end
    }
    for index in 0..<rows.count { count(rows.isTaken(index), rows.key(index)) }
    rows.removeAll()
  }

  private func count(_ isTaken: Bool, _ key: ByteSlice) {
    sink.countRow(isTaken ? .event : .rejected(.tooManyValues), key: key, file: file)
  }

  private func state(_ columns: [String], of code: UInt32?) -> Bool {
    if statements.isEmpty { return true }
    guard let code else { return false }
    for statement in statements {
      shared.stateAttribute(
        owner, columns[statement.attribute], of: code, as: statement.value, isFromFile: true)
    }
    return true
  }

  /// Says in statements about recipients which attribute each means, up to one that there is no room for.
  private mutating func numberAttributes(_ columns: [String]) {
    for index in statements.indices {
      guard let number = attribute(statements[index].attribute, columns) else {
        return statements.removeSubrange(index...)
      }
      statements[index].attribute = number
    }
  }

  private mutating func attribute(_ column: Int, _ columns: [String]) -> Int? {
    while attributes.count <= column { attributes.append(nil) }
    if let known = attributes[column] { return known }
    let number = shared.recipientAttribute(columns[column])
    attributes[column] = number
    return number
  }
}
