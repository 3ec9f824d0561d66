import Base
import Ingest
import TestSupport
import Testing

@Suite("Attribute files")
struct EventFileAttributeTests {
  @Test("the first column is the key, the others are attributes; empty values state nothing")
  func readsRecords() throws {
    let (columns, rows) = try readCSV(
      "Address,School,tenure years,e-mail.kind\nann,Law,12,\nbob,,,work\n")
    #expect(columns == ["school", "tenure_years", "e_mail_kind"])
    #expect(
      rows == [
        "ann: school=Law tenure_years=12", "bob: e_mail_kind=work",
      ])
  }

  @Test("rows without a key or with other field counts are rejected")
  func rejectsRecords() throws {
    let (_, rows) = try readCSV("campaign,subject\n,x\nc\nc,x,y\nc,\(long)\nc,x\n")
    #expect(
      rows
        == [
          "rejected missingKey", "rejected malformed", "rejected malformed",
          "rejected fieldTooLong",
          "c: subject=x",
        ])
  }

  @Test(
    "names that no query could use are errors that quote them",
    arguments: [
      "caf\u{E9}", "", " ", "2026", "a/b", String(repeating: "x", count: 65),
    ])
  func refusesNames(_ name: String) {
    #expect(throws: EventFileError.attributeName(name)) { try readCSV("campaign,\(name)\n") }
  }

  @Test("two names that become the same are an error")
  func refusesDuplicates() {
    #expect(throws: EventFileError.duplicateColumn("mail_kind")) {
      try readCSV("campaign,mail kind,x,Mail-Kind\n")
    }
  }

  @Test("NDJSON rows find their key by name, and columns as they turn up")
  func readsLines() throws {
    let (columns, rows) = try readJSON(
      .link,
      [
        #"{"url":"https://example.com","link":"l7","position":2}"#,
        #"{"link":"l8","Position":3,"url":null,"hot":true}"#,
        "", #"{"url":"x"}"#, #"{"link":"l9","url":["x"]}"#, #"{"link":"l9","hot":1,"Hot":2}"#, "{",
      ])
    #expect(columns == ["url", "position", "hot"])
    #expect(
      rows == [
        "l7: url=https://example.com position=2", "l8: position=3 hot=true", "ignored",
        "rejected", "rejected", "rejected", "rejected",
      ])
  }

  @Test("without a member of the owner's name the first line's first member is the key")
  func findsOtherKeys() throws {
    let (columns, rows) = try readJSON(
      .recipient, [#"{"email":"ann","school":"Law"}"#, #"{"school":"Art","email":"bob"}"#])
    #expect(columns == ["school"])
    #expect(rows == ["ann: school=Law", "bob: school=Art"])
  }

  @Test("a bad member name stops the file")
  func refusesMemberNames() {
    #expect(throws: EventFileError.attributeName("a/b")) {
      try readJSON(.link, [#"{"link":"l","a/b":1}"#])
    }
  }

  @Test("more columns than the limit are an error")
  func refusesManyColumns() {
    let members = (0...Limits.columnCountMax).map { "\"c\($0)\":1" }.joined(separator: ",")
    #expect(throws: EventFileError.tooManyColumns) {
      try readJSON(.link, ["{\"link\":\"l\",\(members)}"])
    }
  }

  @Test("random tables are read as they were written, as CSV and as NDJSON")
  func readsRandomTables() throws {
    try forAll(count: 200) { random, note in
      let names = (0..<1 + random.below(8)).map { "c\($0)" }
      let values = ["", "x", "y z", "1"]
      let table = (0..<random.below(10)).map { row in
        ["key\(row)"] + names.map { _ in random.pick(values) }
      }
      let expected = table.map { row in
        let cells = zip(names, row.dropFirst()).filter { !$0.1.isEmpty }.map { "\($0)=\($1)" }
        return ([row[0] + ":"] + cells).joined(separator: " ")
      }
      let records = ([["campaign"] + names] + table).map { $0.joined(separator: ",") + "\n" }
      let fromCSV = try readCSV(records.joined()).rows
      #expect(fromCSV == expected, "\(note)")
      let lines = table.map { row in
        let members = zip(["campaign"] + names, row).map { "\"\($0)\":\"\($1)\"" }
        return "{\(members.joined(separator: ","))}"
      }
      let fromJSON = try readJSON(.campaign, lines).rows
      #expect(fromJSON.map(sorted) == expected.map(sorted), "\(note)")
    }
  }

  private let long = String(repeating: "x", count: Limits.fieldByteCountMax + 1)

  private func sorted(_ row: String) -> [Substring] { row.split(separator: " ").sorted() }

  @discardableResult
  private func readCSV(_ csv: String) throws -> (columns: [String], rows: [String]) {
    var reader = DelimitedReader(separator: ASCII.comma)
    CSVFuzz.feed(Array(csv.utf8), to: &reader)
    reader.finish()
    guard case .record(let header) = reader.next() else { return ([], []) }
    let parser = try AttributeRecordParser(header: header)
    var rows: [String] = []
    var row = AttributeRow()
    while case .record(let record) = reader.next() {
      switch parser.parse(record, into: &row) {
      case .event: rows.append(describe(row, parser.columns))
      case .ignored(let reason): rows.append("ignored \(reason)")
      case .rejected(let reason): rows.append("rejected \(reason)")
      }
    }
    return (parser.columns, rows)
  }

  @discardableResult
  private func readJSON(
    _ owner: AttributeOwner, _ lines: [String]
  ) throws -> (columns: [String], rows: [String]) {
    var parser = AttributeJSONParser(owner: owner)
    var row = AttributeRow()
    let rows = try lines.map { line in
      try Array(line.utf8).withUnsafeBufferPointer { buffer in
        switch try parser.parse(ByteSlice(buffer), into: &row) {
        case .event: describe(row, parser.columns)
        case .ignored: "ignored"
        case .rejected: "rejected"
        }
      }
    }
    return (parser.columns, rows)
  }

  private func describe(_ row: AttributeRow, _ columns: [String]) -> String {
    let cells = row.cells.map { "\(columns[$0.column])=\($0.value.text)" }
    return (["\(row.key.text):"] + cells).joined(separator: " ")
  }
}
