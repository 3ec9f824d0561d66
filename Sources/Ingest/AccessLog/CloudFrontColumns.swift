// Which column of a CloudFront line holds what, and where the columns of one line end.
//
// SAFETY: `find` stores at most `columnCountMax` ends; `cell` is asked for columns below the count
// that `find` confirmed.

internal import Base

/// The columns that matter, by the names of a `#Fields` line.
struct CloudFrontColumns {
  private(set) var count = 0
  private(set) var date = 0
  private(set) var clock = 0
  private(set) var method = 0
  private(set) var stem = 0
  private(set) var status = 0
  private(set) var query: Int?
  private(set) var address: Int?
  private(set) var agent: Int?
  /// Whether the columns that every hit needs are there.
  private(set) var isUsable = false

  static let prefix: StaticString = "#Fields:"

  static func isFieldsLine(_ line: ByteSlice) -> Bool {
    let count = prefix.utf8CodeUnitCount
    return line.count >= count && line.slice(from: 0, to: count) == prefix
  }

  /// - Parameter line: the names, separated by spaces or tabs, with or without `#Fields:` before
  ///   them.
  init(_ line: ByteSlice) {
    var seen = 0
    for name in line.buffer.split(whereSeparator: { $0 == ASCII.space || $0 == ASCII.tab }) {
      let name = ByteSlice(UnsafeBufferPointer(rebasing: name))
      if name == CloudFrontColumns.prefix { continue }
      seen |= note(name, count)
      count += 1
    }
    isUsable = seen == 0b11111 && count <= CellMarks.columnCountMax
  }

  /// Remembers a column; returns its bit if it is a needed one.
  private mutating func note(_ name: ByteSlice, _ column: Int) -> Int {
    if name == "date" {
      date = column
      return 1
    }
    if name == "time" {
      clock = column
      return 2
    }
    if name == "cs-method" {
      method = column
      return 4
    }
    if name == "cs-uri-stem" {
      stem = column
      return 8
    }
    if name == "sc-status" {
      status = column
      return 16
    }
    if name == "cs-uri-query" { query = column }
    if name == "c-ip" { address = column }
    if name == "cs(User-Agent)" { agent = column }
    return 0
  }
}

/// Where the cells of a tab-separated line end.
final class CellMarks {
  static let columnCountMax = 128
  private let ends: UnsafeMutablePointer<Int>

  init() {
    ends = .allocate(capacity: CellMarks.columnCountMax)
    ends.initialize(repeating: 0, count: CellMarks.columnCountMax)
  }

  deinit { ends.deallocate() }

  /// Whether the line has at least `count` cells; their ends are kept.
  @inline(__always)
  func find(_ count: Int, in line: ByteSlice) -> Bool {
    assert(count > 0 && count <= CellMarks.columnCountMax)
    var column = 0
    var start = 0
    while column < count {
      guard start <= line.count else { return false }
      let end = ByteScan.index(of: ASCII.tab, in: line, from: start)
      ends[column] = end
      start = end &+ 1
      column &+= 1
    }
    return true
  }

  @inline(__always)
  func setEnd(of column: Int, _ end: Int) { ends[column] = end }

  @inline(__always)
  func cell(_ column: Int, of line: ByteSlice) -> ByteSlice {
    line.slice(from: column == 0 ? 0 : ends[column &- 1] &+ 1, to: ends[column])
  }
}
