// Reads a report's file: comment lines that begin with `-- @` say what it is, everything else is queries.
// docs/REPORTS.md has the format.

internal import Base
internal import Query

package struct ReportReader {
  /// A report is read by people: more than this is something else.
  package static let byteCountMax = 262_144

  private let source: ReportSource
  private var report: Report
  /// What was said about the query that comes next.
  private var statement = ReportStatement()
  private var isAnnounced = false
  private var queryStart: Int?
  private var offset = 0

  private init(_ source: ReportSource) {
    self.source = source
    report = Report(source: source, title: source.name)
  }

  /// The report that `source` states. The queries themselves are not looked into.
  package static func read(_ source: ReportSource) throws(ReportError) -> Report {
    guard source.text.count <= byteCountMax else {
      throw ReportError("\(source.path) is longer than \(byteCountMax) bytes")
    }
    let invalid = source.text.withUnsafeBufferPointer {
      UTF8Scan.firstInvalidRange(in: ByteSlice($0))
    }
    if let invalid { throw ReportError("the report is not valid UTF-8", at: invalid, of: source) }
    var reader = ReportReader(source)
    while reader.offset < source.text.count { try reader.step() }
    try reader.finish()
    return reader.report
  }

  private func byte(_ distance: Int = 0) -> UInt8 {
    offset + distance < source.text.count ? source.text[offset + distance] : 0
  }

  private mutating func step() throws(ReportError) {
    switch byte() {
    case ASCII.minus where byte(1) == ASCII.minus: try readComment()
    case ASCII.apostrophe, ASCII.quote: skipQuoted(byte())
    case ASCII.semicolon: try endQuery()
    case ASCII.colon: readColon()
    case ASCII.space, ASCII.tab...ASCII.carriageReturn: offset += 1
    default: skip(1)
    }
  }

  /// Steps over `count` bytes of a query.
  private mutating func skip(_ count: Int) {
    if queryStart == nil { queryStart = offset }
    offset += count
  }

  private mutating func skipQuoted(_ mark: UInt8) {
    skip(1)
    while offset < source.text.count, byte() != mark { offset += 1 }
    // A doubled mark begins the next stretch at once.
    offset = min(offset + 1, source.text.count)
  }

  private mutating func readColon() {
    if byte(1) == ASCII.colon { return skip(2) }
    guard ReportReader.isNameStart(byte(1)) else { return skip(1) }
    let start = offset
    skip(1)
    while Lexer.continuesWord(byte()) { offset += 1 }
    let name = source.string(start + 1..<offset)
    statement.placeholders.append(.init(name: name, range: start..<offset))
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || byte == ASCII.underscore
  }

  private mutating func endQuery() throws(ReportError) {
    guard let start = queryStart else {
      throw ReportError("a query is missing", at: offset..<offset + 1, of: source)
    }
    statement.range = start..<offset
    try close()
    offset += 1
  }

  private mutating func finish() throws(ReportError) {
    let end = source.text.count
    if let start = queryStart {
      let last = source.text.lastIndex { $0 > ASCII.space } ?? start
      statement.range = start..<max(last + 1, start)
      return try close()
    }
    if isAnnounced { throw ReportError("a query is missing", at: end..<end, of: source) }
    if report.statements.isEmpty {
      throw ReportError("the report has no query", at: end..<end, of: source)
    }
  }

  private mutating func close() throws(ReportError) {
    let names = report.parameters.map(\.name) + (statement.loop.map { [$0.name] } ?? [])
    for placeholder in statement.placeholders where !names.contains(placeholder.name) {
      throw .unknown(
        "parameter", placeholder.name, at: placeholder.range, of: source, among: names)
    }
    report.statements.append(statement)
    statement = ReportStatement()
    isAnnounced = false
    queryStart = nil
  }

  // MARK: Directives

  private mutating func readComment() throws(ReportError) {
    let start = offset
    while offset < source.text.count, byte() != ASCII.newline { offset += 1 }
    guard let directive = try Directive(start..<offset, of: source) else { return }
    guard queryStart == nil else {
      throw ReportError(
        "a directive inside a query", at: start..<offset, of: source,
        hint: "the query before it ends with ';'")
    }
    try apply(directive)
  }

  private mutating func apply(_ directive: Directive) throws(ReportError) {
    switch directive.word {
    case .report:
      try requireHead(directive)
      report.title = try text(directive)
    case .parameter:
      try requireHead(directive)
      try addParameter(directive)
    case .about:
      let text = try text(directive)
      if isAnnounced { join(&statement.about, text) } else { join(&report.about, text) }
    case .statement:
      if isAnnounced {
        throw ReportError("the query before it is missing", at: directive.range, of: source)
      }
      isAnnounced = true
      statement.title = try text(directive)
    case .form:
      isAnnounced = true
      statement.form = try ReportForm(directive)
    case .foreach:
      isAnnounced = true
      statement.loop = try ReportLoop(directive, parameters: report.parameters)
    }
  }

  private func text(_ directive: Directive) throws(ReportError) -> String {
    if directive.range.isEmpty {
      throw ReportError("expected a text", at: directive.range, of: source)
    }
    return directive.text
  }

  private func join(_ text: inout String, _ line: String) {
    text += text.isEmpty ? line : " " + line
  }

  private func requireHead(_ directive: Directive) throws(ReportError) {
    guard isAnnounced || !report.statements.isEmpty else { return }
    throw ReportError(
      "@\(directive.word.rawValue) stands before the first query", at: directive.range, of: source)
  }

  private mutating func addParameter(_ directive: Directive) throws(ReportError) {
    let (parameter, range) = try ReportParameter.read(directive)
    if report.parameters.contains(where: { $0.name == parameter.name }) {
      throw ReportError("a second parameter '\(parameter.name)'", at: range, of: source)
    }
    report.parameters.append(parameter)
  }
}
