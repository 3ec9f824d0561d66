// What the directives with parts say: parameters, forms and loops.

internal import Base
internal import Query

extension ReportParameter {
  /// Names that are options of the command.
  package static let reserved: Set<String> = [
    "connect", "data", "format", "help", "memory", "only", "reports", "set", "source", "threads",
    "token-file", "version",
  ]

  /// `NAME TYPE [= DEFAULT] [TEXT]`, and where the name stands.
  static func read(_ directive: Directive) throws(ReportError) -> (ReportParameter, Range<Int>) {
    let source = directive.source
    var reader = DirectiveReader(directive)
    let name = try reader.require("a name")
    try check(name, source)
    let type = try reader.require("a type")
    guard let kind = Kind(rawValue: type.text) else {
      throw .unknown(
        "type", type.text, at: type.range, of: source, among: Kind.allCases.map(\.rawValue))
    }
    var parameter = ReportParameter(name: name.text, kind: kind)
    if reader.skip("=") {
      let value = try reader.require("a value")
      guard let initial = ReportValue(value.text, kind) else {
        throw ReportError(
          "\(Spelling.quote(value.text)) is not \(kind.noun)", at: value.range, of: source)
      }
      parameter.initial = initial
    }
    parameter.about = reader.rest()
    return (parameter, name.range)
  }

  private static func check(
    _ name: DirectiveReader.Piece, _ source: ReportSource
  ) throws(ReportError) {
    let bytes = Array(name.text.utf8)
    let isName = bytes.first.map { ASCII.isLetter($0) || $0 == ASCII.underscore } ?? false
    guard isName, !name.isQuoted, bytes.allSatisfy(Lexer.continuesWord) else {
      throw ReportError("a parameter's name is letters, digits and '_'", at: name.range, of: source)
    }
    if reserved.contains(name.text) {
      throw ReportError("'\(name.text)' is an option of the command", at: name.range, of: source)
    }
  }
}

extension ReportForm {
  private static let names = ["table", "record", "crosstab", "heatmap"]

  /// `table [first=N]`, `record`, `crosstab` and `heatmap` with `rows=A columns=B value=C`.
  init(_ directive: Directive) throws(ReportError) {
    var reader = DirectiveReader(directive)
    let form = try reader.require("a form")
    switch form.text {
    case "table": self = .table(first: try ReportForm.first(&reader, directive.source))
    case "record": self = .record
    case "crosstab": self = .crosstab(try ReportForm.axes(&reader, directive.source))
    case "heatmap": self = .heatMap(try ReportForm.axes(&reader, directive.source))
    default:
      throw .unknown(
        "form", form.text, at: form.range, of: directive.source, among: ReportForm.names)
    }
    try reader.finish()
  }

  private static func first(
    _ reader: inout DirectiveReader, _ source: ReportSource
  ) throws(ReportError) -> Int? {
    guard let (_, value) = try option(&reader, source, ["first"]) else { return nil }
    guard let count = Int(value.text), count > 0 else {
      throw ReportError("expected a whole number above 0", at: value.range, of: source)
    }
    return count
  }

  private static func axes(
    _ reader: inout DirectiveReader, _ source: ReportSource
  ) throws(ReportError) -> ReportAxes {
    var found: [String: String] = [:]
    let names = ["rows", "columns", "value"]
    while let (name, value) = try option(&reader, source, names) { found[name] = value.text }
    guard let rows = found["rows"], let columns = found["columns"], let value = found["value"]
    else {
      let missing = names.filter { found[$0] == nil }.map { "\($0)=COLUMN" }
      throw reader.expected(missing.joined(separator: " "))
    }
    return ReportAxes(rows: rows, columns: columns, value: value)
  }

  /// `name=value`; nil at the end.
  private static func option(
    _ reader: inout DirectiveReader, _ source: ReportSource, _ names: [String]
  ) throws(ReportError) -> (String, DirectiveReader.Piece)? {
    guard let name = try reader.next() else { return nil }
    guard names.contains(name.text) else {
      throw .unknown("option", name.text, at: name.range, of: source, among: names)
    }
    guard reader.skip("=") else { throw reader.expected("'='") }
    return (name.text, try reader.require("a value"))
  }
}

extension ReportLoop {
  /// `NAME in VALUE, VALUE ...`
  init(_ directive: Directive, parameters: [ReportParameter]) throws(ReportError) {
    let source = directive.source
    var reader = DirectiveReader(directive)
    let name = try reader.require("a name")
    if parameters.contains(where: { $0.name == name.text }) {
      throw ReportError("a second parameter '\(name.text)'", at: name.range, of: source)
    }
    let word = try reader.require("'in'")
    guard word.text == "in" else { throw ReportError("expected 'in'", at: word.range, of: source) }
    var values = [try reader.require("a value").text]
    while reader.skip(",") { values.append(try reader.require("a value").text) }
    try reader.finish()
    self.init(name: name.text, values: values)
  }
}
