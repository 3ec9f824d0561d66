// A table inside a query: typed columns side by side, as long as memory allows. What shards find is put together
// in one, and what people see is computed from it.

internal import Base
internal import Columnar

struct FrameColumn: Sendable {
  let type: TermType
  let pool: TextPool
  /// How results show the column as it is.
  var resultType: ResultType
  /// See `Cell`.
  private(set) var words: [UInt64] = []
  /// 1 for NULL; empty when there is none.
  private(set) var nulls: [UInt8] = []

  init(_ type: TermType, pool: TextPool = .none) {
    self.type = type
    self.pool = pool
    resultType = type.resultType
  }

  init(_ type: TermType, words: [UInt64], nulls: [UInt8] = [], pool: TextPool = .none) {
    self.init(type, pool: pool)
    self.words = words
    self.nulls = nulls
  }

  @inline(__always)
  func isNull(_ row: Int) -> Bool { !nulls.isEmpty && nulls[row] != 0 }

  /// Negative when the value of row `left` is smaller; neither is NULL.
  @inline(__always)
  func order(_ left: Int, _ right: Int) -> Int {
    let (a, b) = (words[left], words[right])
    if a == b { return 0 }
    return type == .text ? pool.text(a).order(beside: pool.text(b)) : Cell.order(a, b, type)
  }

  /// Appends the rows of a vector.
  mutating func append(_ vector: Vector, rows: UnsafeBufferPointer<UInt32>) {
    let start = words.count
    var hasNulls = false
    for row in rows {
      words.append(vector.words[Int(row)])
      hasNulls = hasNulls || vector.nulls[Int(row)] != 0
    }
    if hasNulls || !nulls.isEmpty {
      padNulls(to: start)
      for row in rows { nulls.append(vector.nulls[Int(row)]) }
    }
  }

  /// Appends one value.
  mutating func append(_ word: UInt64, isNull: Bool) {
    if isNull || !nulls.isEmpty {
      padNulls(to: words.count)
      nulls.append(isNull ? 1 : 0)
    }
    words.append(word)
  }

  /// Fills a vector with the values of some rows.
  func copy(_ rows: Range<Int>, to vector: Vector) {
    words.withUnsafeBufferPointer { words in
      for row in 0..<rows.count { vector.words[row] = words[rows.lowerBound &+ row] }
    }
    if nulls.isEmpty { return vector.nulls.update(repeating: 0, count: rows.count) }
    for row in 0..<rows.count { vector.nulls[row] = nulls[rows.lowerBound &+ row] }
  }

  mutating func append(_ other: FrameColumn) {
    if !other.nulls.isEmpty || !nulls.isEmpty {
      padNulls(to: words.count)
      nulls.append(contentsOf: other.nulls)
      padNulls(to: words.count + other.words.count)
    }
    words.append(contentsOf: other.words)
  }

  /// Appends NULLs up to this many rows.
  mutating func pad(to count: Int) {
    let missing = count - words.count
    guard missing > 0 else { return }
    padNulls(to: words.count)
    nulls.append(contentsOf: repeatElement(1, count: missing))
    words.append(contentsOf: repeatElement(0, count: missing))
  }

  private mutating func padNulls(to count: Int) {
    if nulls.count < count {
      nulls.append(contentsOf: repeatElement(0, count: count - nulls.count))
    }
  }

  /// The column of these rows only.
  func keeping(_ rows: [Int]) -> FrameColumn {
    var column = FrameColumn(
      type, words: rows.map { words[$0] }, nulls: nulls.isEmpty ? [] : rows.map { nulls[$0] },
      pool: pool)
    column.resultType = resultType
    return column
  }
}

struct Frame: Sendable {
  var columns: [FrameColumn]
  var rowCount = 0

  func keeping(_ rows: [Int]) -> Frame {
    Frame(columns: columns.map { $0.keeping(rows) }, rowCount: rows.count)
  }

  /// The rows of all frames behind each other.
  static func joined(_ frames: [Frame]) -> Frame {
    guard var result = frames.first else { return Frame(columns: []) }
    for frame in frames.dropFirst() {
      for index in result.columns.indices { result.columns[index].append(frame.columns[index]) }
      result.rowCount += frame.rowCount
    }
    return result
  }
}

/// The columns of a frame, block by block.
///
/// SAFETY: a block has at most Limits.blockRowCount rows and lies inside the frame.
final class FrameRows: ColumnSource {
  private let frame: Frame
  private var slots = ColumnSlots()
  private var rows = 0..<0

  init(_ frame: Frame) { self.frame = frame }

  func show(_ rows: Range<Int>) {
    self.rows = rows
    slots.invalidate()
  }

  func slot(_ key: ColumnKey) -> ColumnSlot { slots.slot(key) { make(key) } }

  private func make(_ key: ColumnKey) -> ColumnSlot {
    guard case .frame(let index) = key else { preconditionFailure("a frame has no \(key)") }
    let column = frame.columns[index]
    let vector = Vector(column.type, pool: column.pool)
    return ColumnSlot(vector) { [unowned self] in column.copy(rows, to: vector) }
  }
}

extension Frame {
  /// A term computed for every row. A query that must stop computes no further ones: they are NULL.
  func column(_ term: Term, _ context: QueryContext) -> FrameColumn {
    if case .column(.frame(let index)) = term.node { return columns[index] }
    let source = FrameRows(self)
    let evaluator = context.evaluator(term, source)
    var result = FrameColumn(term.type, pool: evaluator.output.pool)
    context.forEachBlock(of: rowCount) { rows in
      source.show(rows)
      let vector = evaluator.run(rows.count)
      for row in 0..<rows.count { result.append(vector.words[row], isNull: vector.nulls[row] != 0) }
    }
    result.pad(to: rowCount)
    return result
  }

  /// The rows for which a condition is true.
  func rows(where condition: Term, _ context: QueryContext) -> [Int] {
    let source = FrameRows(self)
    let evaluator = context.evaluator(condition, source)
    var kept: [Int] = []
    context.forEachBlock(of: rowCount) { rows in
      source.show(rows)
      let vector = evaluator.run(rows.count)
      for row in 0..<rows.count where vector.isTrue(row) { kept.append(rows.lowerBound + row) }
    }
    return kept
  }
}

extension ResultColumn {
  /// The result that a frame's column is.
  init(_ name: String, _ column: FrameColumn, _ zone: TimeZoneRules) {
    self.init(name: name, type: column.resultType, zone: zone)
    if column.nulls.isEmpty, type != .text, type != .number, type != .rate {
      append(column.words.map(Cell.integer))
    } else {
      reserveCapacity(column.words.count)
      for row in column.words.indices { append(column, row) }
    }
  }

  /// Appends one value of a frame's column.
  mutating func append(_ column: FrameColumn, _ row: Int) {
    let word = column.words[row]
    if column.isNull(row) {
      appendNull()
    } else if type == .text {
      column.pool.withText(word) { append($0) }
    } else if type == .number || type == .rate {
      append(Cell.number(word))
    } else {
      append(Cell.integer(word))
    }
  }
}
