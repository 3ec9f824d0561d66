// What the readers of NDJSON files share: blank lines, and values as text.

internal import Base

enum JSONLine {
  /// Whether there is nothing but space.
  static func isBlank(_ line: ByteSlice) -> Bool {
    var index = 0
    while index < line.count {
      let byte = line[index]
      if byte != ASCII.space && byte != ASCII.tab && byte != ASCII.carriageReturn { return false }
      index &+= 1
    }
    return true
  }

  /// The value as a CSV file would have it: empty for null. Nil for objects and arrays.
  static func text(of value: JSONValue) -> ByteSlice? {
    switch value {
    case .string(let text), .number(let text): text
    case .bool(let isTrue): isTrue ? word("true") : word("false")
    case .null: .empty
    case .object, .array: nil
    }
  }

  private static func word(_ word: StaticString) -> ByteSlice {
    // SAFETY: a static string's bytes live for ever.
    ByteSlice(word.utf8Start, count: word.utf8CodeUnitCount)
  }
}
