// Turns the bytes of a query into tokens, all at once: a query is short, and the parser looks
// ahead.

internal import Base

package struct Lexer {
  private let text: [UInt8]
  private var offset = 0

  private init(_ text: [UInt8]) { self.text = text }

  /// The tokens of `text`; the last one is `.end`.
  ///
  /// - Throws: `QueryError` for text that is too long, no UTF-8, or no token.
  package static func tokens(of text: [UInt8]) throws(QueryError) -> [Token] {
    let limit = LanguageLimits.textByteCountMax
    guard text.count <= limit else {
      throw QueryError("the query is longer than \(limit) bytes", at: limit..<text.count)
    }
    try checkEncoding(text)
    var lexer = Lexer(text)
    var tokens: [Token] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private static func checkEncoding(_ text: [UInt8]) throws(QueryError) {
    let invalid = text.withUnsafeBufferPointer { UTF8Scan.firstInvalidRange(in: ByteSlice($0)) }
    if let invalid { throw QueryError("the query is not valid UTF-8", at: invalid) }
  }

  private mutating func next() throws(QueryError) -> Token {
    skipBlanksAndComments()
    let start = offset
    guard let byte = peek() else { return Token(kind: .end, place: place(from: start)) }
    switch byte {
    case ASCII.apostrophe:
      return Token(kind: .text(try quotedBytes(ASCII.apostrophe)), place: place(from: start))
    case ASCII.quote:
      return try quotedName()
    case ASCII.dot where ASCII.isDigit(peek(1) ?? 0):
      return try number()
    default:
      if ASCII.isDigit(byte) { return try number() }
      if Lexer.startsWord(byte) { return try word() }
      return try symbol()
    }
  }

  private mutating func skipBlanksAndComments() {
    while let byte = peek() {
      if byte == ASCII.space || (ASCII.tab...ASCII.carriageReturn).contains(byte) {
        offset += 1
      } else if byte == ASCII.minus, peek(1) == ASCII.minus {
        while let comment = peek(), comment != ASCII.newline { _ = comment; offset += 1 }
      } else {
        return
      }
    }
  }

  private mutating func word() throws(QueryError) -> Token {
    let start = offset
    while let byte = peek(), Lexer.continuesWord(byte) { offset += 1 }
    let bytes = text[start..<offset].map(ASCII.lowercase)
    let word = String(decoding: bytes, as: UTF8.self)
    if bytes.contains(where: { $0 >= 0x80 }),
      let quote = word.unicodeScalars.first(where: Lexer.typographicQuotes.contains)
    {
      throw QueryError(
        "typographic quote \(quote)", at: start..<offset,
        hint: "text is written in straight single quotes: '...'")
    }
    return Token(kind: .word(word), place: place(from: start))
  }

  private mutating func quotedName() throws(QueryError) -> Token {
    let start = offset
    let bytes = try quotedBytes(ASCII.quote)
    let name = String(decoding: bytes, as: UTF8.self)
    let place = Place(start..<offset, isQuoted: true)
    guard !bytes.isEmpty else { throw QueryError("an empty name", at: place) }
    return Token(kind: .quoted(name), place: place)
  }

  /// What stands between two `mark` bytes; a doubled mark stands for one.
  private mutating func quotedBytes(_ mark: UInt8) throws(QueryError) -> [UInt8] {
    let start = offset
    offset += 1
    var bytes: [UInt8] = []
    while let end = text[offset...].firstIndex(of: mark) {
      bytes += text[offset..<end]
      offset = end + 1
      guard peek() == mark else { return bytes }
      bytes.append(mark)
      offset += 1
    }
    let noun = mark == ASCII.quote ? "name" : "text"
    throw QueryError("the quoted \(noun) never ends", at: start..<text.count)
  }

  private mutating func number() throws(QueryError) -> Token {
    let start = offset
    var isWhole = true
    skipDigits()
    if peek() == ASCII.dot {
      isWhole = false
      offset += 1
      skipDigits()
    }
    if let byte = peek(), ASCII.lowercase(byte) == 0x65, hasExponentDigits() {
      isWhole = false
      offset += peek(1).map(ASCII.isDigit) == true ? 1 : 2
      skipDigits()
    }
    let range = start..<offset
    if let byte = peek(), Lexer.continuesWord(byte) {
      let rest = text[(offset + 1)...].prefix { $0 & 0xC0 == 0x80 }
      throw QueryError("a number runs into a name", at: start..<rest.endIndex)
    }
    return Token(kind: try value(of: range, isWhole: isWhole), place: Place(range))
  }

  private func hasExponentDigits() -> Bool {
    guard let byte = peek(1) else { return false }
    if ASCII.isDigit(byte) { return true }
    return (byte == ASCII.plus || byte == ASCII.minus) && peek(2).map(ASCII.isDigit) == true
  }

  private func value(of range: Range<Int>, isWhole: Bool) throws(QueryError) -> Token.Kind {
    var digits = String(decoding: text[range], as: UTF8.self)
    if isWhole {
      guard let value = Int64(digits) else {
        throw QueryError("the number is too large", at: range, hint: "the largest is \(Int64.max)")
      }
      return .integer(value)
    }
    if digits.hasPrefix(".") { digits = "0" + digits }
    guard let value = Double(digits), value.isFinite else {
      throw QueryError("the number is too large", at: range)
    }
    return .number(value)
  }

  private mutating func symbol() throws(QueryError) -> Token {
    let start = offset
    if let (kind, byteCount) = symbolAhead() {
      offset += byteCount
      return Token(kind: .symbol(kind), place: place(from: start))
    }
    let first = text[start]
    let pair = first == peek(1) && !(0x30...0x39).contains(first) ? 2 : 1
    let spelled = String(decoding: text[start..<start + pair], as: UTF8.self)
    throw QueryError(
      "unexpected \(Spelling.quote(spelled))", at: start..<start + pair,
      hint: Lexer.hints[spelled])
  }

  private func symbolAhead() -> (Symbol, Int)? {
    guard let first = peek() else { return nil }
    let second = peek(1)
    if first == second, first == UInt8(ascii: "=") { return nil }
    if let second, let symbol = Symbol(first, second) { return (symbol, 2) }
    return Symbol(first).map { ($0, 1) }
  }

  private func peek(_ distance: Int = 0) -> UInt8? {
    offset + distance < text.count ? text[offset + distance] : nil
  }

  private mutating func skipDigits() {
    while let byte = peek(), ASCII.isDigit(byte) { offset += 1 }
  }

  private func place(from start: Int) -> Place { Place(start..<offset) }

  /// Whether `byte` can begin an unquoted name: letters, `_` and everything beyond ASCII.
  package static func startsWord(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || byte == ASCII.underscore || byte >= 0x80
  }

  /// Whether `byte` can continue one.
  package static func continuesWord(_ byte: UInt8) -> Bool {
    startsWord(byte) || ASCII.isDigit(byte)
  }

  private static let typographicQuotes: Set<Unicode.Scalar> = [
    "\u{2018}", "\u{2019}", "\u{201A}", "\u{201C}", "\u{201D}", "\u{201E}", "\u{00AB}", "\u{00BB}",
  ]

  private static let hints = [
    "==": "equality is written '='",
    "&&": "write AND",
    "&": "write AND",
    "|": "write OR, or '||' to join texts",
    "!": "write NOT",
    "`": "names need no quotes, or double quotes",
    "``": "names need no quotes, or double quotes",
  ]
}
