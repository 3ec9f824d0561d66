// A reader of one-line JSON objects without nesting, as plain as it gets: every value as text.

struct FlatJSON {
  private var rest: ArraySlice<UInt8>

  /// The object's keys and values, or nil if the line is no such object. Strings are unescaped,
  /// other values as they are.
  static func fields(_ line: [UInt8]) -> [String: String]? {
    var reader = FlatJSON(rest: line[...])
    guard reader.take("{") else { return nil }
    var fields: [String: String] = [:]
    repeat {
      guard let key = reader.string(), reader.take(":"), let value = reader.value() else {
        return nil
      }
      fields[key] = value
    } while reader.take(",")
    return reader.take("}") && reader.rest.isEmpty ? fields : nil
  }

  private mutating func take(_ character: Character) -> Bool {
    guard rest.first == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func value() -> String? {
    if rest.first == Character("\"").asciiValue { return string() }
    let text = rest.prefix { $0 != Character(",").asciiValue && $0 != Character("}").asciiValue }
    rest = rest.dropFirst(text.count)
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == Character("\"").asciiValue { return String(decoding: bytes, as: UTF8.self) }
      guard byte == Character("\\").asciiValue else {
        bytes.append(byte)
        continue
      }
      // The generator writes no other escapes than of quotes and backslashes.
      guard let escaped = rest.popFirst() else { return nil }
      bytes.append(escaped)
    }
    return nil
  }
}
