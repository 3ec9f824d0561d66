// Takes the rows of an attribute file to where their owners live: a row's values become codes, and its owner is looked
// up once for all of them.

internal import Base
internal import Columnar

struct AttributeStore {
  let owner: AttributeOwner
  let shared: SharedState
  let shards: [Shard]
  /// The caller's, for the values of attributes.
  private let codes: CodeCache
  /// By column of the file: the number of the recipients' attribute, once a row stated it.
  private var attributes: [Int?] = []
  private var statements: [Statement] = []

  private struct Statement {
    var cell: AttributeCell
    var value: UInt32
  }

  init(owner: AttributeOwner, shared: SharedState, shards: [Shard], codes: CodeCache) {
    self.owner = owner
    self.shared = shared
    self.shards = shards
    self.codes = codes
  }

  /// Takes a row that was read, and says what became of it.
  mutating func take(
    _ outcome: LineOutcome, _ row: AttributeRow, _ columns: [String]
  ) -> LineOutcome {
    outcome == .event && !take(row, columns) ? .rejected(.tooManyValues) : outcome
  }

  /// False when there is no room for the row's values; those before the first that has none are stated.
  private mutating func take(_ row: AttributeRow, _ columns: [String]) -> Bool {
    statements.removeAll(keepingCapacity: true)
    for cell in row.cells {
      guard let value = codes.code(cell.value) else { break }
      statements.append(Statement(cell: cell, value: value))
    }
    let isWhole = statements.count == row.cells.count
    return (statements.isEmpty || state(columns, of: row.key)) && isWhole
  }

  private mutating func state(_ columns: [String], of key: ByteSlice) -> Bool {
    switch owner {
    case .campaign: return state(columns, ofShared: shared.code(.campaign, key))
    case .link: return state(columns, ofShared: shared.code(.link, key))
    case .recipient:
      let numbers = statements.map { attribute($0.cell.column, columns) }
      let hash = Hash.of(key)
      return shards[Sharding.shard(of: hash)].withState { [statements] state in
        guard let recipient = state.recipient(key, hash: hash) else { return false }
        for (number, statement) in zip(numbers, statements) {
          state.stateAttribute(number, of: recipient, as: statement.value)
        }
        return true
      }
    }
  }

  private func state(_ columns: [String], ofShared code: UInt32?) -> Bool {
    guard let code else { return false }
    for statement in statements {
      shared.stateAttribute(
        owner, columns[statement.cell.column], of: code, as: statement.value, isFromFile: true)
    }
    return true
  }

  private mutating func attribute(_ column: Int, _ columns: [String]) -> Int {
    while attributes.count <= column { attributes.append(nil) }
    if let known = attributes[column] { return known }
    let number = shared.recipientAttribute(columns[column])
    attributes[column] = number
    return number
  }
}
