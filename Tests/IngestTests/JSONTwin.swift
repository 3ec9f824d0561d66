// A naive reader of JSON objects, for the twins of the JSON formats.

enum JSONTwinValue {
  case string(Bytes)
  case number(Bytes)
  case bool
  case null
  case object(Bytes)
  case array(Bytes)

  var text: Bytes? {
    switch self {
    case .string(let text), .number(let text): text
    case .null: []
    case .bool, .object, .array: nil
    }
  }
}

struct JSONTwin {
  enum First {
    case malformed
    case none
    case value(JSONTwinValue)
  }

  private struct Failure: Error {}
  private var rest: ArraySlice<UInt8>

  static func members(_ text: Bytes) -> [(Bytes, JSONTwinValue)]? {
    var twin = JSONTwin(rest: text[...])
    return try? twin.object()
  }

  static func firstElement(_ text: Bytes) -> First {
    var twin = JSONTwin(rest: text.dropFirst())
    twin.space()
    if twin.rest.first == UInt8(ascii: "]") { return twin.rest.count == 1 ? .none : .malformed }
    guard let value = try? twin.value() else { return .malformed }
    return .value(value)
  }

  private mutating func object() throws -> [(Bytes, JSONTwinValue)] {
    var members: [(Bytes, JSONTwinValue)] = []
    space()
    try expect("{")
    space()
    if rest.first == UInt8(ascii: "}") {
      try expect("}")
    } else {
      while true {
        let key = try string()
        space()
        try expect(":")
        space()
        members.append((key, try value()))
        space()
        if rest.first == UInt8(ascii: "}") { break }
        try expect(",")
        space()
      }
      try expect("}")
    }
    space()
    guard rest.isEmpty else { throw Failure() }
    return members
  }

  private mutating func value() throws -> JSONTwinValue {
    guard let first = rest.first else { throw Failure() }
    switch first {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try nested())
    case UInt8(ascii: "["): return .array(try nested())
    case UInt8(ascii: "t"):
      for letter in "true" { try expect(letter) }
      return .bool
    case UInt8(ascii: "f"):
      for letter in "false" { try expect(letter) }
      return .bool
    case UInt8(ascii: "n"):
      for letter in "null" { try expect(letter) }
      return .null
    default:
      guard first == UInt8(ascii: "-") || (48...57).contains(first) else { throw Failure() }
      let digits = rest.prefix { "0123456789.-+eE".utf8.contains($0) }
      rest = rest.dropFirst(digits.count)
      return .number(Bytes(digits))
    }
  }

  private mutating func string() throws -> Bytes {
    try expect("\"")
    var output = String.UnicodeScalarView()
    var bytes: Bytes = []
    while true {
      guard let byte = rest.popFirst() else { throw Failure() }
      if byte == UInt8(ascii: "\"") { return bytes }
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      output.removeAll()
      output.append(try escape())
      bytes += Bytes(String(output).utf8)
    }
  }

  private mutating func escape() throws -> Unicode.Scalar {
    switch rest.popFirst().map({ Character(Unicode.Scalar($0)) }) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "u":
      let first = try unit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard first < 0xDC00, rest.starts(with: Bytes("\\u".utf8)) else { return "\u{FFFD}" }
      let before = rest
      rest = rest.dropFirst(2)
      let second = try unit()
      guard (0xDC00...0xDFFF).contains(second) else {
        rest = before
        return "\u{FFFD}"
      }
      let value = 0x10000 + (UInt32(first) - 0xD800) * 0x400 + UInt32(second) - 0xDC00
      return Unicode.Scalar(value) ?? "\u{FFFD}"
    default: throw Failure()
    }
  }

  private mutating func unit() throws -> UInt16 {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Failure() }
    rest = rest.dropFirst(4)
    return unit
  }

  /// Skips by brackets and strings only.
  private mutating func nested() throws -> Bytes {
    var stack: Bytes = []
    var output: Bytes = []
    while let byte = rest.popFirst() {
      output.append(byte)
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        stack.append(byte)
        if stack.count > 64 { throw Failure() }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard stack.popLast() == byte - 2 else { throw Failure() }
        if stack.isEmpty { return output }
      case UInt8(ascii: "\""):
        while true {
          guard let inner = rest.popFirst() else { throw Failure() }
          output.append(inner)
          if inner == UInt8(ascii: "\"") { break }
          guard inner == UInt8(ascii: "\\") else { continue }
          guard let escaped = rest.popFirst() else { throw Failure() }
          output.append(escaped)
        }
      default: break
      }
    }
    throw Failure()
  }

  private mutating func space() { rest = rest.drop { [32, 9, 10, 13].contains($0) } }

  private mutating func expect(_ character: Character) throws {
    guard rest.popFirst() == character.asciiValue else { throw Failure() }
  }
}
