// Every golden file on every configuration, with three witnesses for each answer: the text in the file, the engine, and
// the model. `GOLDEN_UPDATE=1` rewrites the answers in place; `git diff` shows what that means. How a query is answered
// (`plan`) depends on the configuration, so those files are for one alone.

import Base
import Engine
import Glibc
import Query
import TestSupport
import Testing

struct GoldenTests {
  private static let folder: String = {
    let parts = "\(#filePath)".split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/Golden"
  }()

  static let names = files(in: "query")
  static let planNames = files(in: "plan")

  private static func files(in inner: String) -> [String] {
    TemporaryFolder.names(in: "\(folder)/\(inner)").filter { $0.hasSuffix(".golden") }
      .map { "\(inner)/\($0)" }
  }

  @Test("golden", arguments: GoldenTests.names)
  func golden(name: String) throws {
    try check(name, GoldenTests.setups(name))
  }

  @Test("golden plans", arguments: GoldenTests.planNames)
  func goldenPlan(name: String) throws {
    try check(name, [EngineSetup.all[0]])
  }

  private func check(_ name: String, _ setups: [EngineSetup]) throws {
    let file = GoldenScript(path: "\(GoldenTests.folder)/\(name)")
    if getenv("GOLDEN_UPDATE") != nil {
      var run = try GoldenRun(file, EngineSetup.all[0])
      try run.answer()
      write(run.file.text, to: file.path)
      return
    }
    #expect(!file.records.isEmpty)
    for setup in setups {
      var run = try GoldenRun(file, setup)
      try run.answer()
      for (expected, actual) in zip(file.records, run.file.records) {
        let context: Comment = "\(name), \(setup.name): \(expected.text.joined(separator: " "))"
        #expect(actual.directive == expected.directive, context)
        #expect(actual.body == expected.body, context)
      }
    }
  }

  /// All configurations in a thorough run; else two that differ most, and one of the others by the file's turn.
  private static func setups(_ name: String) -> [EngineSetup] {
    let all = EngineSetup.all
    if Cases.count(1) > 1 { return all }
    let turn = names.firstIndex(of: name) ?? 0
    return [all[0], all[4], all[1...][1 + turn % (all.count - 1)]]
  }

  private func write(_ text: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_TRUNC)
    precondition(descriptor >= 0, "no file \(path)")
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
  }
}

/// One file on one configuration; the answers replace what the file expects.
struct GoldenRun {
  private(set) var file: GoldenScript
  private let setup: EngineSetup
  private let engine: Engine
  private let folder = TemporaryFolder()
  private let store: ModelStore
  private var settings = QuerySettings()
  private var database: ModelDatabase

  init(_ file: GoldenScript, _ setup: EngineSetup) throws {
    self.file = file
    self.setup = setup
    var reader = GoldenReader()
    var files: [RenderedFile] = []
    for (index, record) in file.records.enumerated() where record.directive.first == "load" {
      let what = record.directive[1]
      reader.read(what, record.body)
      let name = ["campaigns", "recipients", "links"].contains(what) ? what : "\(what)-\(index)"
      let text = record.body.map { $0 + "\n" }.joined()
      files.append(RenderedFile(name: name + ".txt", bytes: Array(text.utf8)))
    }
    store = reader.store
    database = ModelDatabase(store)
    settings.now = Int64(database.now)
    engine = try setup.engine(files, in: folder)
  }

  /// Answers every query and every error.
  mutating func answer() throws {
    for index in file.records.indices {
      let query = file.records[index].text.joined(separator: "\n")
      switch file.records[index].directive[0] {
      case "load": continue
      case "now": setNow(file.records[index].directive[1])
      case "query":
        try answer(index, query)
        if try GoldenRun.isOfModel(query) {
          try expectSameAnswer(query, engine, database, file.path)
        }
      case "plan":
        try answer(index, query)
        file.records[index].directive = ["plan"]
        file.records[index].body = file.records[index].body.map(GoldenRun.withoutEncoding)
      case "error": file.records[index].body = refusal(query)
      case let directive: Issue.record("\(file.path): unknown directive \(directive)")
      }
    }
  }

  /// Whether the model answers it, too: it explains nothing and knows one time zone.
  private static func isOfModel(_ query: String) throws -> Bool {
    let statement = try Parser.statement(query)
    return statement.purpose == .answer
      && statement.query.settings.allSatisfy { ModelSettings.names.contains($0.name.text) }
  }

  /// A line of a plan without how large a column is: that may change with every encoding.
  private static func withoutEncoding(_ line: String) -> String {
    guard line.contains(" bytes as "), let colon = line.firstIndex(of: ":") else { return line }
    return String(line[...colon]) + " ... bytes"
  }

  /// What `now()` is from here on.
  private mutating func setNow(_ text: String) {
    let now = ModelTime.parse(text)!
    database = ModelDatabase(store, now: now)
    settings.now = Int64(now)
  }

  private mutating func answer(_ index: Int, _ query: String) throws {
    let table: ResultTable
    do throws(QueryError) {
      table = try engine.query(query, settings: settings)
    } catch {
      file.records[index].body = ["refused"] + GoldenRun.lines(error.rendered(in: query))
      return
    }
    let types = table.columns.map { "\($0.name.split(separator: " ").joined()):\($0.type)" }
    file.records[index].directive = ["query"] + types
    file.records[index].body = GoldenRun.lines(table)
  }

  private func refusal(_ query: String) -> [String] {
    do throws(QueryError) {
      let table = try engine.query(query, settings: settings)
      return ["no error"] + GoldenRun.lines(table)
    } catch {
      return GoldenRun.lines(error.rendered(in: query))
    }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
  }

  /// Rows with two blanks between cells; NULL and (empty) by name.
  private static func lines(_ table: ResultTable) -> [String] {
    var bytes: [UInt8] = []
    ResultWriter(.tsv).write(table, into: &bytes)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
    return lines.map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { $0 == "\\N" ? "NULL" : $0.isEmpty ? "(empty)" : String($0) }
        .joined(separator: "  ")
    }
  }
}
