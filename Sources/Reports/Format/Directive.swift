// A comment line that says something about a report: `-- @word the rest`.

internal import Base
internal import Query

struct Directive {
  enum Word: String, CaseIterable {
    case report
    case about
    case parameter
    case statement
    case form
    case foreach
  }

  let word: Word
  /// What stands behind the word, without blanks around it.
  let range: Range<Int>
  let source: ReportSource

  /// Nil for a comment that is none.
  ///
  /// - Parameter comment: from the first `-` to the end of the line.
  init?(_ comment: Range<Int>, of source: ReportSource) throws(ReportError) {
    let body = Directive.trim(comment.dropFirst(2), source.text)
    guard body.first.map({ source.text[$0] }) == ASCII.at else { return nil }
    let wordEnd = body.first { Directive.isBlank(source.text[$0]) } ?? body.upperBound
    let name = String(decoding: source.text[body.lowerBound + 1..<wordEnd], as: UTF8.self)
    guard let word = Word(rawValue: name) else {
      throw .unknown(
        "directive", "@" + name, at: body.lowerBound..<wordEnd, of: source,
        among: Word.allCases.map { "@" + $0.rawValue })
    }
    self.word = word
    self.source = source
    range = Directive.trim(wordEnd..<body.upperBound, source.text)
  }

  var text: String { source.string(range) }

  fileprivate static func isSymbol(_ byte: UInt8) -> Bool {
    byte == ASCII.equals || byte == ASCII.comma
  }

  fileprivate static func isBlank(_ byte: UInt8) -> Bool {
    byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn
  }

  private static func trim(_ range: Range<Int>, _ text: [UInt8]) -> Range<Int> {
    guard let first = range.first(where: { !isBlank(text[$0]) }),
      let last = range.last(where: { !isBlank(text[$0]) })
    else { return range.upperBound..<range.upperBound }
    return first..<last + 1
  }
}

/// Reads a directive piece by piece: what stands between blanks, a text in single quotes, `=` or `,`.
struct DirectiveReader {
  struct Piece {
    let text: String
    let isQuoted: Bool
    let range: Range<Int>

    func isSymbol(_ symbol: String) -> Bool { !isQuoted && text == symbol }
  }

  private let source: ReportSource
  private var offset: Int
  private let end: Int

  init(_ directive: Directive) {
    source = directive.source
    offset = directive.range.lowerBound
    end = directive.range.upperBound
  }

  /// The next piece; nil at the end.
  mutating func next() throws(ReportError) -> Piece? {
    skipBlanks()
    guard offset < end else { return nil }
    if source.text[offset] == ASCII.apostrophe { return try quoted() }
    let start = offset
    if Directive.isSymbol(source.text[start]) {
      offset += 1
    } else {
      let rest = source.text[start..<end]
      offset = rest.firstIndex { Directive.isBlank($0) || Directive.isSymbol($0) } ?? end
    }
    return Piece(text: source.string(start..<offset), isQuoted: false, range: start..<offset)
  }

  /// The next piece, which must be there.
  mutating func require(_ noun: String) throws(ReportError) -> Piece {
    if let piece = try next() { return piece }
    throw expected(noun)
  }

  /// The error for what is missing here.
  func expected(_ noun: String) -> ReportError {
    ReportError("expected \(noun)", at: offset..<offset, of: source)
  }

  /// Steps over `symbol` if it is next.
  mutating func skip(_ symbol: String) -> Bool {
    var ahead = self
    guard let piece = try? ahead.next(), piece.isSymbol(symbol) else { return false }
    self = ahead
    return true
  }

  /// Everything that was not read yet.
  mutating func rest() -> String {
    skipBlanks()
    return source.string(offset..<end)
  }

  /// Refuses anything that is left.
  mutating func finish() throws(ReportError) {
    guard let piece = try next() else { return }
    throw ReportError("unexpected \(Spelling.quote(piece.text))", at: piece.range, of: source)
  }

  private mutating func skipBlanks() {
    while offset < end, Directive.isBlank(source.text[offset]) { offset += 1 }
  }

  private mutating func quoted() throws(ReportError) -> Piece {
    let start = offset
    var bytes: [UInt8] = []
    offset += 1
    while offset < end {
      let byte = source.text[offset]
      offset += 1
      if byte == ASCII.apostrophe {
        guard offset < end, source.text[offset] == ASCII.apostrophe else {
          let text = String(decoding: bytes, as: UTF8.self)
          return Piece(text: text, isQuoted: true, range: start..<offset)
        }
        offset += 1
      }
      bytes.append(byte)
    }
    throw ReportError("the quoted text never ends", at: start..<end, of: source)
  }
}

extension ReportSource {
  func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
