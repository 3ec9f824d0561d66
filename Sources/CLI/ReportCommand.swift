// `beacon report`: saved queries with titles and parameters, those that come with the program and those in folders.

internal import ArgumentParser
internal import Glibc
internal import Query
internal import Reports

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Answer a saved set of queries; without a name, list what there is.",
    usage: "beacon report [NAME] [--data DIR] [options] [--PARAMETER VALUE ...]",
    discussion: """
      A report's parameters are options of their own; `beacon report` shows them. Reports of your \
      own are files NAME.sql in the folder of --reports, of $BEACON_REPORTS, or in DIR/reports; \
      see docs/REPORTS.md.

      beacon report email-summary --data DIR --campaign 'spring%'
      """)

  @OptionGroup var options: SourceOptions

  @Option(help: "table, csv, tsv, json or ndjson; by default a page on a terminal, tsv elsewhere.")
  var format: String?

  @Option(help: "A folder of reports, looked into first.")
  var reports: String?

  @Option(help: "The query at this position alone, counted from 1.")
  var only: Int?

  @Option(help: "NAME=VALUE: a parameter's value, as --NAME VALUE is.")
  var set: [String] = []

  @Flag(help: "Print the report's file instead of answering it.")
  var source = false

  @Argument(parsing: .allUnrecognized, help: "The report's name, and --PARAMETER VALUE.")
  var words: [String] = []

  func validate() throws {
    _ = try OptionValue.format(format)
    let request = try ReportRequest(words: words, set: set)
    if request.name == nil, source || !request.values.isEmpty {
      throw ValidationError("Which report? `beacon report` lists what there is.")
    }
  }

  func run() throws {
    let request = try ReportRequest(words: words, set: set)
    do {
      guard let name = request.name else { return try list() }
      let report = try shelf.report(name)
      if source { return try Output.write(report.source.text) }
      try options.requireOne()
      try answer(report, try ReportValues(request.values, for: report))
    } catch let error as ReportError {
      tell(error)
      throw ExitCode(error.isWrongUsage ? 2 : 1)
    }
  }

  private var shelf: ReportShelf {
    let variable = getenv("BEACON_REPORTS").map { String(cString: $0) }
    let folders = [reports, variable, options.data.map { "\($0)/reports" }]
    return ReportShelf(folders: folders.compactMap { $0 }.filter { !$0.isEmpty })
  }

  private func list() throws {
    let list = ReportList(shelf, style)
    try Output.write(lines: list.lines.joined(separator: "\n"))
    for error in list.errors { tell(error) }
    if !list.errors.isEmpty { throw ExitCode(2) }
  }

  private func answer(_ report: Report, _ values: ReportValues) throws {
    let source = try options.makeSource()
    let format = AnswerDisplay(format: try OptionValue.format(format), tellsTime: false).format
    let answer = try ReportAnswer(report, values, only: only, for: format) {
      (sql) throws(ReportFailure) in
      do throws(SourceFailure) {
        return try source.answer(Array(sql.utf8)).table
      } catch {
        switch error {
        case .query(let error): throw .query(error)
        case .refused(let reason), .lost(let reason): throw .nobody(reason)
        }
      }
    }
    var bytes: [UInt8] = []
    ReportWriter(format, style).write(answer, into: &bytes)
    try Output.write(bytes)
  }

  private func tell(_ error: ReportError) {
    Console.say(error.hasPlace ? "\(error)" : "beacon: \(error)")
  }

  private var style: PageStyle {
    func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    let columns = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }
    return PageStyle(
      width: Console.outputWidth ?? columns.flatMap { $0 > 0 ? $0 : nil },
      hasColors: Console.isTerminal(STDOUT_FILENO) && !isDumb && !isSet("NO_COLOR"))
  }
}

/// A report's name and values, as they stand on the command line.
struct ReportRequest {
  private(set) var name: String?
  private(set) var values: [(name: String, text: String)] = []

  /// - Parameters:
  ///   - words: the name and any options that the command does not know: `--NAME VALUE` or `--NAME=VALUE`.
  ///   - set: `NAME=VALUE` each.
  init(words: [String], set: [String]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word.hasPrefix("--"), word.count > 2 {
        try add(String(word.dropFirst(2)), &rest)
      } else if word.hasPrefix("-"), word.count > 1 {
        throw ValidationError("Unknown option '\(word)'.")
      } else if name == nil {
        name = word
      } else {
        throw ValidationError("One report at a time: '\(word)' is one too many.")
      }
    }
    for text in set {
      guard let pair = ReportRequest.split(text) else {
        throw ValidationError("--set takes NAME=VALUE, not '\(text)'.")
      }
      values.append(pair)
    }
  }

  private mutating func add(_ option: String, _ rest: inout ArraySlice<String>) throws {
    if let pair = ReportRequest.split(option) {
      values.append(pair)
    } else if let value = rest.popFirst() {
      values.append((option, value))
    } else {
      throw ValidationError("--\(option) needs a value.")
    }
  }

  private static func split(_ text: String) -> (name: String, text: String)? {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
    return (String(text[..<sign]), String(text[text.index(after: sign)...]))
  }
}
