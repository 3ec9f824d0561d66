// One column of a result: values side by side, NULLs as bits. Executors append to it, writers read
// it.
//
// SAFETY: text is handed out as a ByteSlice into the column's own array, valid inside the closure
// only.

package import Base

/// What the values of a column are, which decides how they are stored and written.
package enum ResultType: String, CaseIterable, Sendable {
  /// Bytes, usually UTF-8.
  case text
  case integer
  /// Millionths, as an integer; written exactly.
  case decimal
  /// A plain number with a fraction.
  case number
  /// A share of 1; shown as a percentage in tables, written as a plain number elsewhere.
  case rate
  /// UTC milliseconds since 1970; written `2026-03-14T09:12:01Z`.
  case timestamp
  /// UTC milliseconds of a day's start; written `2026-03-14`.
  case date
  /// 0 or 1.
  case boolean
  /// Milliseconds; written `2 days 03:04:05.678`.
  case interval

  /// Whether values are right-aligned in tables and bare in JSON.
  package var isNumeric: Bool {
    switch self {
    case .integer, .decimal, .number, .rate: true
    case .text, .timestamp, .date, .boolean, .interval: false
    }
  }
}

/// One value, for code that is not in a hurry.
package enum ResultCell: Hashable, Sendable {
  case null
  case text([UInt8])
  /// Of integer, decimal (millionths), timestamp, date and interval (milliseconds) and boolean columns.
  case integer(Int64)
  /// Of number and rate columns.
  case number(Double)
}

package struct ResultColumn: Sendable {
  package let name: String
  package let type: ResultType
  /// Whose clocks timestamps are written by.
  package let zone: TimeZoneRules
  package private(set) var rowCount = 0
  private var integers: [Int64] = []
  private var numbers: [Double] = []
  private var bytes: [UInt8] = []
  /// Where each text ends in `bytes`.
  private var ends: [Int] = []
  /// One bit per row, set for NULL; as long as the last NULL needs.
  private var nulls: [UInt64] = []

  package init(name: String, type: ResultType, zone: TimeZoneRules = .utc) {
    self.name = name
    self.type = type
    self.zone = zone
  }

  /// Makes room for `rowCount` rows.
  package mutating func reserveCapacity(_ rowCount: Int) {
    switch type {
    case .text: ends.reserveCapacity(rowCount)
    case .number, .rate: numbers.reserveCapacity(rowCount)
    default: integers.reserveCapacity(rowCount)
    }
  }

  /// Appends to an integer, decimal, timestamp, date, interval or boolean column.
  package mutating func append(_ value: Int64) {
    assert(type != .text && type != .number && type != .rate, "\(name) holds \(type)")
    integers.append(value)
    rowCount += 1
  }

  /// Appends to a column that takes integers.
  mutating func append(_ values: [Int64]) {
    integers += values
    rowCount += values.count
  }

  /// Appends to a number or rate column.
  package mutating func append(_ value: Double) {
    assert(type == .number || type == .rate, "\(name) holds \(type)")
    numbers.append(value)
    rowCount += 1
  }

  /// Appends to a boolean column.
  package mutating func append(_ value: Bool) { append(value ? 1 as Int64 : 0) }

  /// Appends a copy of `value` to a text column.
  package mutating func append(_ value: ByteSlice) {
    assert(type == .text, "\(name) holds \(type)")
    bytes.append(contentsOf: value.buffer)
    ends.append(bytes.count)
    rowCount += 1
  }

  /// Appends to a text column.
  package mutating func append(_ value: String) {
    assert(type == .text, "\(name) holds \(type)")
    bytes.append(contentsOf: value.utf8)
    ends.append(bytes.count)
    rowCount += 1
  }

  /// Appends NULL to any column.
  package mutating func appendNull() {
    let word = rowCount / 64
    while nulls.count <= word { nulls.append(0) }
    nulls[word] |= 1 << UInt64(rowCount % 64)
    switch type {
    case .text: ends.append(bytes.count)
    case .number, .rate: numbers.append(0)
    default: integers.append(0)
    }
    rowCount += 1
  }

  /// Whether the value of `row` is NULL.
  @inline(__always)
  package func isNull(_ row: Int) -> Bool {
    let word = row / 64
    return word < nulls.count && nulls[word] >> UInt64(row % 64) & 1 == 1
  }

  /// The value of `row`; 0 for NULL. For integer, decimal, timestamp, date, interval and boolean columns.
  @inline(__always)
  package func integer(_ row: Int) -> Int64 { integers[row] }

  /// The value of `row`; 0 for NULL. For number and rate columns.
  @inline(__always)
  package func number(_ row: Int) -> Double { numbers[row] }

  /// Lends the bytes of `row`'s text to `body`; none for NULL. For text columns.
  @inline(__always)
  package func withText<Result>(_ row: Int, _ body: (ByteSlice) -> Result) -> Result {
    let start = row == 0 ? 0 : ends[row - 1]
    return bytes.withUnsafeBufferPointer {
      body(ByteSlice($0).slice(from: start, to: ends[row]))
    }
  }

  /// The value of `row`.
  package func cell(_ row: Int) -> ResultCell {
    if isNull(row) { return .null }
    switch type {
    case .text: return .text(withText(row) { $0.array })
    case .number, .rate: return .number(numbers[row])
    default: return .integer(integers[row])
    }
  }
}
