// Reading one-line JSON objects on demand: keys and values are slices of the line, nothing is
// built.
//
// It checks what it walks over (strings, commas, brackets) and nothing else: a nested value that is
// not entered is skipped by its brackets, and whether a number is one is up to who uses it. Bytes
// of strings are taken as they are, valid UTF-8 or not.
//
// SAFETY: every index is compared with the slice's count before it is read. Who makes a reader holds its scratch as
// long as the reader is used.

package import Base

/// A value of a JSON object or array. Slices are valid as long as the line and the scratch are.
package enum JSONValue {
  /// A string without its quotes, unescaped.
  case string(ByteSlice)
  /// The characters of a number; they start with a digit or a minus.
  case number(ByteSlice)
  case bool(Bool)
  case null
  /// A nested object with its braces: read it with another `JSONObjectReader`.
  case object(ByteSlice)
  /// A nested array with its brackets: read it with a `JSONArrayReader`.
  case array(ByteSlice)
}

/// Walks over the members of one object.
///
///     var members = JSONObjectReader(line, scratch: scratch)
///     while let (key, value) = members.next() { ... }
///     guard !members.isMalformed else { ... }
package struct JSONObjectReader {
  private var cursor: JSONCursor
  private var state = State.start
  /// Where the value that `next()` returned last begins.
  package private(set) var valueOffset = 0
  /// How far the text has been read.
  package var offset: Int { cursor.position }
  /// Whether the text is no JSON object; meaningful once `next()` returned nil.
  package var isMalformed: Bool { state == .malformed }

  /// - Parameters:
  ///   - line: the object with its braces; space around it is skipped.
  ///   - scratch: where strings with escapes go. The reader never resets it, and does not keep it alive.
  package init(_ line: ByteSlice, scratch: LineScratch) {
    cursor = JSONCursor(text: line, scratch: scratch)
  }

  /// The next member in the order of the text, or nil at the end and at the first error.
  package mutating func next() -> (key: ByteSlice, value: JSONValue)? {
    guard cursor.advance(&state, open: ASCII.openBrace, close: ASCII.closeBrace) else { return nil }
    guard let key = cursor.readString() else { return fail() }
    cursor.skipSpace()
    guard cursor.take(ASCII.colon) else { return fail() }
    cursor.skipSpace()
    valueOffset = cursor.position
    guard let value = cursor.readValue() else { return fail() }
    return (key, value)
  }

  /// Moves to the next member's value if the text goes on with `prefix`, which is what `next()` went over between two
  /// values (or before the first) of another text, at the same member. An empty prefix is none.
  @inline(__always)
  package mutating func skip(_ prefix: ByteSlice) -> Bool {
    guard cursor.skip(prefix) else { return false }
    state = .inside
    return true
  }

  /// The value behind what was skipped; nil for an error.
  @inline(__always)
  package mutating func readValue() -> JSONValue? {
    // There may be more space in front of it than there was before.
    cursor.skipSpace()
    guard let value = cursor.readValue() else {
      state = .malformed
      return nil
    }
    return value
  }

  private mutating func fail() -> (key: ByteSlice, value: JSONValue)? {
    state = .malformed
    return nil
  }

  fileprivate enum State {
    case start
    case inside
    case finished
    case malformed
  }
}

/// Walks over the elements of one array.
package struct JSONArrayReader {
  private var cursor: JSONCursor
  private var state = JSONObjectReader.State.start
  /// Whether the text is no JSON array; meaningful once `next()` returned nil.
  package var isMalformed: Bool { state == .malformed }

  /// - Parameters:
  ///   - text: the array with its brackets, as `JSONValue.array` has it.
  ///   - scratch: where strings with escapes go. The reader does not keep it alive.
  package init(_ text: ByteSlice, scratch: LineScratch) {
    cursor = JSONCursor(text: text, scratch: scratch)
  }

  /// The next element, or nil at the end and at the first error.
  package mutating func next() -> JSONValue? {
    guard cursor.advance(&state, open: ASCII.openBracket, close: ASCII.closeBracket) else {
      return nil
    }
    guard let value = cursor.readValue() else {
      state = .malformed
      return nil
    }
    return value
  }
}

/// A place in a JSON text. Every `read` leaves it behind what it read, or returns nil for an error.
private struct JSONCursor {
  let text: ByteSlice
  /// Not counted: readers come and go with every line, and their scratch stays.
  unowned(unsafe) let scratch: LineScratch
  var position = 0

  init(text: ByteSlice, scratch: LineScratch) {
    self.text = text
    self.scratch = scratch
  }

  /// Moves to the next member or element; false at the end (`finished`) or at an error
  /// (`malformed`).
  mutating func advance(
    _ state: inout JSONObjectReader.State, open: UInt8, close: UInt8
  ) -> Bool {
    guard state == .start || state == .inside else { return false }
    skipSpace()
    if state == .start {
      guard take(open) else { return stop(&state, as: .malformed) }
      skipSpace()
      if take(close) { return finish(&state) }
      state = .inside
      return true
    }
    if take(close) { return finish(&state) }
    guard take(ASCII.comma) else { return stop(&state, as: .malformed) }
    skipSpace()
    return true
  }

  /// After the closing bracket only space may follow.
  private mutating func finish(_ state: inout JSONObjectReader.State) -> Bool {
    skipSpace()
    return stop(&state, as: position == text.count ? .finished : .malformed)
  }

  private func stop(
    _ state: inout JSONObjectReader.State, as final: JSONObjectReader.State
  ) -> Bool {
    state = final
    return false
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < text.count, JSONCursor.isSpace(text.base[position]) { position &+= 1 }
  }

  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard position < text.count, text.base[position] == byte else { return false }
    position &+= 1
    return true
  }

  /// Moves behind `bytes` if the text goes on with them.
  @inline(__always)
  mutating func skip(_ bytes: ByteSlice) -> Bool {
    let count = bytes.count
    guard count > 0, count <= text.count &- position else { return false }
    let here = UnsafeRawPointer(text.base + position)
    let wanted = UnsafeRawPointer(bytes.base)
    guard count >= 8 else {
      let isThere = ByteSearch.areEqual(text.base + position, bytes.base, count: count)
      if isThere { position &+= count }
      return isThere
    }
    var index = 0
    while index < count {
      // The last word overlaps the one before.
      let place = min(index, count &- 8)
      let left = here.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      guard left == wanted.loadUnaligned(fromByteOffset: place, as: UInt64.self) else {
        return false
      }
      index &+= 8
    }
    position &+= count
    return true
  }

  mutating func readValue() -> JSONValue? {
    guard position < text.count else { return nil }
    switch text.base[position] {
    case ASCII.quote: return readString().map { .string($0) }
    case ASCII.openBrace: return readNested().map { .object($0) }
    case ASCII.openBracket: return readNested().map { .array($0) }
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return readNumber()
    }
  }

  mutating func readString() -> ByteSlice? {
    guard take(ASCII.quote) else { return nil }
    let start = position
    let end = ByteScan.index(of: ASCII.quote, or: ASCII.backslash, in: text, from: start)
    guard end < text.count else { return nil }
    if text.base[end] == ASCII.quote {
      position = end &+ 1
      return text.slice(from: start, to: end)
    }
    position = start
    guard skipString() else { return nil }
    return JSONString.unescape(text.slice(from: start, to: position &- 1), into: scratch)
  }

  /// From behind the opening quote to behind the closing one.
  private mutating func skipString() -> Bool {
    while true {
      let found = ByteScan.index(of: ASCII.quote, or: ASCII.backslash, in: text, from: position)
      guard found < text.count else { return false }
      position = found &+ 1
      if text.base[found] == ASCII.quote { return true }
      guard position < text.count else { return false }
      position &+= 1
    }
  }

  /// Skips an object or array by its brackets, at most 64 deep.
  private mutating func readNested() -> ByteSlice? {
    let start = position
    var depth = 0
    // Bit 0 is the innermost bracket: 1 for a brace.
    var braces: UInt64 = 0
    while position < text.count {
      let byte = text.base[position]
      position &+= 1
      switch byte {
      case ASCII.quote:
        guard skipString() else { return nil }
      case ASCII.openBrace, ASCII.openBracket:
        guard depth < 64 else { return nil }
        depth &+= 1
        braces = braces << 1 | (byte == ASCII.openBrace ? 1 : 0)
      case ASCII.closeBrace, ASCII.closeBracket:
        guard braces & 1 == (byte == ASCII.closeBrace ? 1 : 0) else { return nil }
        depth &-= 1
        braces >>= 1
        if depth == 0 { return text.slice(from: start, to: position) }
      default: break
      }
    }
    return nil
  }

  private mutating func readNumber() -> JSONValue? {
    let start = position
    let first = text.base[start]
    guard ASCII.isDigit(first) || first == ASCII.minus else { return nil }
    position &+= 1
    while position < text.count, JSONCursor.isNumberByte(text.base[position]) { position &+= 1 }
    return .number(text.slice(from: start, to: position))
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard text.count &- position >= count,
      text.slice(from: position, to: position &+ count) == word
    else { return false }
    position &+= count
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == ASCII.space || byte == ASCII.tab || byte == ASCII.newline
      || byte == ASCII.carriageReturn
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || byte == ASCII.dot || byte == ASCII.minus || byte == ASCII.plus
      || byte | 0x20 == UInt8(ascii: "e")
  }
}
