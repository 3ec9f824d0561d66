// A golden file: records of what is loaded, what is asked and what must come back. docs/TESTING.md has the format.

import Base
import TestSupport
import Testing

struct GoldenScript {
  struct Record {
    /// The first line's words: `load access-log`, `load events`, `now 2026-03-31T12:00:00Z`, `query`, `plan`, `error`.
    var directive: [String]
    /// What stands before `----`: the query.
    var text: [String]
    /// What stands behind it: lines to load, rows, an error.
    var body: [String]
    /// Comments and blank lines in front.
    var preface: [String]
  }

  let path: String
  var records: [Record] = []
  private var trailer: [String] = []

  init(path: String) {
    self.path = path
    var lines = String(decoding: TemporaryFolder.read(path), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    if lines.last == "" { lines.removeLast() }
    var preface: [String] = []
    while let line = lines.popFirst() {
      if line.isEmpty || line.hasPrefix("#") {
        preface.append(line)
      } else {
        records.append(GoldenScript.record(line, preface, &lines))
        preface = []
      }
    }
    trailer = preface
  }

  private static func record(
    _ first: String, _ preface: [String], _ lines: inout ArraySlice<String>
  ) -> Record {
    var record = Record(directive: first.words, text: [], body: [], preface: preface)
    if record.directive.first == "now" { return record }
    while let line = lines.popFirst(), line != "----" { record.text.append(line) }
    // What is loaded may hold blank lines and ends with a mark of its own; answers end with a blank line.
    let isLoad = record.directive.first == "load"
    while let line = lines.first, isLoad ? line != "----" : !line.isEmpty {
      record.body.append(line)
      lines.removeFirst()
    }
    if isLoad { _ = lines.popFirst() }
    return record
  }

  /// The file with its records as they are now.
  var text: String {
    var lines: [String] = []
    for record in records {
      lines += record.preface
      lines.append(record.directive.joined(separator: " "))
      if record.directive.first == "now" { continue }
      lines += record.text + ["----"] + record.body
      if record.directive.first == "load" { lines.append("----") }
    }
    return (lines + trailer).map { $0 + "\n" }.joined()
  }
}
