// Every golden file on every configuration, with three witnesses for each answer: the text in the file, the engine, and
// the model. `GOLDEN_UPDATE=1` rewrites the answers in place; `git diff` shows what that means.

import Base
import Engine
import Glibc
import Query
import TestSupport
import Testing

struct GoldenTests {
  private static let folder: String = {
    let parts = "\(#filePath)".split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/Golden/query"
  }()

  static let names = TemporaryFolder.names(in: folder).filter { $0.hasSuffix(".golden") }

  @Test("golden", arguments: GoldenTests.names)
  func golden(name: String) throws {
    let file = GoldenScript(path: "\(GoldenTests.folder)/\(name)")
    if getenv("GOLDEN_UPDATE") != nil {
      var run = try GoldenRun(file, EngineSetup.all[0])
      try run.answer()
      write(run.file.text, to: file.path)
      return
    }
    #expect(!file.records.isEmpty)
    for setup in GoldenTests.setups(name) {
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
    engine = try setup.engine(files, in: folder)
  }

  /// Answers every query and every error.
  mutating func answer() throws {
    let database = ModelDatabase(store)
    for index in file.records.indices {
      let query = file.records[index].text.joined(separator: "\n")
      switch file.records[index].directive[0] {
      case "load": continue
      case "query":
        let table = try engine.query(query)
        let types = table.columns.map { "\($0.name.split(separator: " ").joined()):\($0.type)" }
        file.records[index].directive = ["query"] + types
        file.records[index].body = GoldenRun.lines(table)
        try expectSameAnswer(query, engine, database, file.path)
      case "error": file.records[index].body = refusal(query)
      case let directive: Issue.record("\(file.path): unknown directive \(directive)")
      }
    }
  }

  private func refusal(_ query: String) -> [String] {
    do throws(QueryError) {
      let table = try engine.query(query)
      return ["no error"] + GoldenRun.lines(table)
    } catch {
      return error.rendered(in: query).split(separator: "\n").map(String.init)
    }
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
