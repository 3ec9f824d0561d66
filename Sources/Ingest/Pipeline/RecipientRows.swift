// Rows about recipients on their way to the shards, and what became of them there.
//
// SAFETY: keys are copied into the rows' own memory, which has room for them when `hasRoom` says so; the order holds
// indices of rows, filled by counting before it is read.

internal import Base
internal import Columnar

/// What a row says of its owner: an attribute's number, and the code of its value.
struct AttributeStatement: BitwiseCopyable {
  var attribute: Int
  var value: UInt32
}

struct RecipientRows {
  private struct Row: BitwiseCopyable {
    var hash: UInt64
    var keyOffset: Int
    var keyByteCount: Int
    var statementOffset: Int
    var statementCount: Int
    /// Whether all that the row says found room so far.
    var isTaken: Bool
  }

  private let rows = StableBuffer<Row>(capacity: RecipientRows.rowCountMax)
  /// By row: its shard.
  private let homes = StableBuffer<UInt8>(capacity: RecipientRows.rowCountMax)
  private let keys = StableBuffer<UInt8>(capacity: RecipientRows.keyByteCountMax)
  private let statements = StableBuffer<AttributeStatement>(
    capacity: RecipientRows.statementCountMax)
  private let order = StableBuffer<UInt32>(capacity: RecipientRows.rowCountMax)
  /// Of a group's rows: their recipients' numbers, and which statement is next.
  private let recipients = StableBuffer<UInt32>(capacity: ShardGroup.eventCountMax)
  private let cursors = StableBuffer<Int>(capacity: ShardGroup.eventCountMax)
  private let hashes = StableBuffer<UInt64>(capacity: ShardGroup.eventCountMax)

  private static let rowCountMax = 8192
  private static let keyByteCountMax = 1 << 20
  private static let statementCountMax = 1 << 16

  var count: Int { rows.count }

  /// Whether a row of `key` and so many statements fits.
  func hasRoom(for key: ByteSlice, _ statementCount: Int) -> Bool {
    rows.count < rows.capacity && key.count <= keys.capacity - keys.count
      && statementCount <= statements.capacity - statements.count
  }

  func append(_ key: ByteSlice, _ stated: [AttributeStatement], isWhole: Bool) {
    homes.append(UInt8(Sharding.shard(of: Hash.of(key))))
    rows.append(
      Row(
        hash: Hash.keyed(key), keyOffset: keys.count, keyByteCount: key.count,
        statementOffset: statements.count, statementCount: stated.count, isTaken: isWhole))
    keys.append(contentsOf: key.buffer)
    let start = statements.count
    for statement in stated { insert(statement, behind: start) }
  }

  /// Keeps a row's statements in the order of their attributes.
  private func insert(_ statement: AttributeStatement, behind start: Int) {
    statements.append(statement)
    var place = statements.count &- 1
    while place > start, statements.base[place &- 1].attribute > statement.attribute {
      statements.base[place] = statements.base[place &- 1]
      place &-= 1
    }
    statements.base[place] = statement
  }

  func key(_ index: Int) -> ByteSlice { key(of: rows[index]) }

  func isTaken(_ index: Int) -> Bool { rows[index].isTaken }

  func removeAll() {
    rows.removeAll()
    homes.removeAll()
    keys.removeAll()
    statements.removeAll()
    order.removeAll()
  }

  /// Puts the rows' indices in the order of their shards; returns where each shard's end.
  func partition() -> [Int] {
    order.removeAll()
    _ = order.grow(by: homes.count)
    return Sharding.order(homes.elements, into: order.base)
  }

  /// States what the rows at some places of the order say, in that order, in their shard.
  func state(_ places: Range<Int>, in state: inout ShardState) {
    var start = places.lowerBound
    while start < places.upperBound {
      let end = min(start &+ ShardGroup.eventCountMax, places.upperBound)
      stateGroup(
        UnsafeBufferPointer(start: order.base + start, count: end &- start), in: &state)
      start = end
    }
  }

  /// States a few rows, attribute after attribute, so that what they touch is asked from memory together.
  private func stateGroup(_ indices: UnsafeBufferPointer<UInt32>, in state: inout ShardState) {
    hashes.removeAll()
    recipients.removeAll()
    for index in indices { hashes.append(rows.base[Int(index)].hash) }
    state.recipients.prefetch(hashes: hashes.elements)
    cursors.removeAll()
    for index in indices {
      let row = rows.base[Int(index)]
      let recipient = state.recipient(key(of: row), hash: row.hash)
      recipients.append(recipient ?? 0)
      if recipient == nil { rows.base[Int(index)].isTaken = false }
      // Who has no number has no room for statements either.
      cursors.append(row.statementOffset + (recipient == nil ? row.statementCount : 0))
    }
    while let attribute = nextAttribute(indices) {
      state.withAttribute(attribute) { put(attribute, indices, into: $0) }
    }
  }

  /// The lowest attribute that a row of the group still has to state.
  private func nextAttribute(_ indices: UnsafeBufferPointer<UInt32>) -> Int? {
    var lowest = Int.max
    for (place, index) in indices.enumerated() where hasNext(place, rows.base[Int(index)]) {
      lowest = min(lowest, statements.base[cursors.base[place]].attribute)
    }
    return lowest == Int.max ? nil : lowest
  }

  private func put(
    _ attribute: Int, _ indices: UnsafeBufferPointer<UInt32>, into column: AttributeColumn
  ) {
    for (place, index) in indices.enumerated() {
      let row = rows.base[Int(index)]
      while hasNext(place, row), statements.base[cursors.base[place]].attribute == attribute {
        column.state(recipients.base[place], as: statements.base[cursors.base[place]].value)
        cursors.base[place] &+= 1
      }
    }
  }

  private func hasNext(_ place: Int, _ row: Row) -> Bool {
    cursors.base[place] < row.statementOffset &+ row.statementCount
  }

  private func key(of row: Row) -> ByteSlice {
    ByteSlice(keys.base + row.keyOffset, count: row.keyByteCount)
  }
}
