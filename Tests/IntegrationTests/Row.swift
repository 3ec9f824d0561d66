// A row of tab-separated output, its escaping undone. Cells are bytes: what clients send need not be UTF-8.

struct Row: Hashable, Comparable, CustomStringConvertible, ExpressibleByArrayLiteral {
  var cells: [Cell]

  init(_ cells: [Cell]) { self.cells = cells }

  init(arrayLiteral elements: Cell...) { cells = elements }

  subscript(index: Int) -> Cell { cells[index] }

  var description: String { cells.map(\.description).joined(separator: " | ") }

  static func < (left: Row, right: Row) -> Bool {
    left.cells.lexicographicallyPrecedes(right.cells)
  }

  /// All rows of an output, the header among them.
  static func parse(_ output: Bytes) -> [Row] {
    output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().map {
      Row(
        $0.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
          Cell(escaped: Bytes($0))
        })
    }
  }
}

/// One value; nil is NULL.
struct Cell: Hashable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  let bytes: Bytes?

  init(_ bytes: Bytes?) { self.bytes = bytes }

  init(stringLiteral text: String) { bytes = Bytes(text.utf8) }

  init(_ number: Int) { bytes = Bytes("\(number)".utf8) }

  static let null = Cell(nil)

  /// Undoes `\t`, `\n`, `\\` and `\N`.
  init(escaped: Bytes) {
    if escaped == Bytes(#"\N"#.utf8) {
      bytes = nil
      return
    }
    var plain: Bytes = []
    var isEscaped = false
    for byte in escaped {
      if isEscaped {
        plain.append(Cell.escapes[byte] ?? byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        plain.append(byte)
      }
    }
    bytes = plain
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12,
    UInt8(ascii: "r"): 13, UInt8(ascii: "0"): 0,
  ]

  var text: String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "" }

  /// The number that the cell shows, or -1.
  var number: Int { Int(text) ?? -1 }

  var description: String {
    guard let bytes else { return "NULL" }
    let isShort = bytes.count <= 80
    return isShort ? text : String(text.prefix(40)) + "... (\(bytes.count) bytes)"
  }

  static func < (left: Cell, right: Cell) -> Bool {
    (left.bytes ?? []).lexicographicallyPrecedes(right.bytes ?? [])
  }
}

/// The first line in which two outputs differ, or nil if they are the same bytes.
func firstDifference(_ found: Bytes, _ expected: Bytes) -> String? {
  if found == expected { return nil }
  let newline = UInt8(ascii: "\n")
  let (left, right) = (found.split(separator: newline), expected.split(separator: newline))
  let index = zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset
  let place = index ?? min(left.count, right.count)
  func line(_ lines: [ArraySlice<UInt8>]) -> String {
    place < lines.count ? String(decoding: lines[place], as: UTF8.self) : "the end"
  }
  return "line \(place + 1): \(line(left)), not \(line(right))"
}
