import Base
import Ingest
import TestSupport
import Testing

@Suite("Event files")
struct EventFileTests {
  @Test("an NDJSON line states what its keys say")
  func readsLines() {
    let line = """
      {"time":"2026-03-14T09:12:01Z","kind":"bounced","campaign":"spring","recipient":"ann@x.org",\
      "code":"5.1.1","extra":{"a":[1,2]},"tracked":false,"position":3,"reason":null}
      """
    #expect(
      parse(line)
        == .event([
          "time": "1773479521000", "kind": "bounced", "campaign": "spring",
          "recipient": "ann@x.org", "code": "5.1.1", "tracked": "no", "position": "3",
        ]))
  }

  @Test("what cannot be read is rejected with its reason")
  func rejectsLines() {
    let start = "{\"time\":1,\"kind\":\"sent\",\"campaign\":\"c\""
    let checks: [(String, LineOutcome)] = [
      ("\(start),\"recipient\":\"r\"}", .event),
      ("\(start)}", .rejected(.missingKey)),
      ("\(start),\"recipient\":\"\"}", .rejected(.missingKey)),
      ("\(start),\"recipient\":null}", .rejected(.missingKey)),
      ("\(start),\"recipient\":[\"r\"]}", .rejected(.malformed)),
      ("\(start),\"recipient\":{}}", .rejected(.malformed)),
      ("\(start),\"recipient\":\"r\",\"recipient\":\"r\"}", .rejected(.malformed)),
      ("\(start),\"recipient\":\"r\"", .rejected(.malformed)),
      ("\(start),\"recipient\":\"r\"}x", .rejected(.malformed)),
      ("\(start),\"recipient\":\"r\",\"value\":\"x\"}", .rejected(.number)),
      ("\(start),\"recipient\":\"r\",\"sent_at\":\"x\"}", .rejected(.time)),
      ("{\"kind\":\"sent\",\"campaign\":\"c\",\"recipient\":\"r\"}", .rejected(.time)),
      ("{\"time\":1,\"campaign\":\"c\",\"recipient\":\"r\"}", .rejected(.kind)),
      ("{\"time\":1,\"kind\":\"Sent\",\"campaign\":\"c\",\"recipient\":\"r\"}", .rejected(.kind)),
      ("[]", .rejected(.malformed)),
      ("text", .rejected(.malformed)),
      ("", .ignored(.comment)),
      (" \t\r", .ignored(.comment)),
      ("{\"x\":\"\(String(repeating: "x", count: 65_536))\"}", .rejected(.tooLong)),
      (
        "\(start),\"recipient\":\"\(String(repeating: "x", count: 8193))\"}",
        .rejected(.fieldTooLong)
      ),
    ]
    for (line, outcome) in checks {
      var event = Event()
      var parser = EventJSONParser()
      let found = Array(line.utf8).withUnsafeBufferPointer {
        parser.parse(ByteSlice($0), into: &event)
      }
      #expect(found == outcome, "\(line.prefix(90))")
    }
  }

  @Test("no field of one line is left for the next")
  func resetsEvents() {
    var parser = EventJSONParser()
    var event = Event()
    forAll(count: 300) { random, note in
      let twin = EventFileTwin(&random)
      let bytes = Array(twin.json(&random).utf8)
      let found = bytes.withUnsafeBufferPointer { buffer in
        EventFileOutcome(parser.parse(ByteSlice(buffer), into: &event), event)
      }
      #expect(found == twin.expected, "\(note)")
    }
  }

  @Test("CSV and TSV records say the same as JSON lines, wherever chunks are cut")
  func syntaxesAgree() throws {
    try forAll(count: 150) { random, note in
      let twins = (0..<1 + random.below(6)).map { _ in EventFileTwin(&random) }
      let separator = random.pick([",", "\t"])
      let lineEnd = random.pick(["\n", "\r\n"])
      let header = EventFileTwin.columns.map { random.isHit(0.2) ? $0.uppercased() : $0 }
      let records = twins.map { $0.delimited(separator, &random) }
      let text = ([header.joined(separator: separator)] + records).joined(separator: lineEnd)
      let found = try read(text, separator: separator, &random)
      #expect(found == twins.map(\.expected), "\(note)")
    }
  }

  @Test("a header without a required column, or with one twice, is an error that names it")
  func checksHeaders() throws {
    #expect(throws: EventFileError.missingColumn("recipient")) {
      try header("time,kind,campaign")
    }
    #expect(throws: EventFileError.missingColumn("time")) { try header("a") }
    #expect(throws: EventFileError.duplicateColumn("send")) {
      try header("time,kind,campaign,recipient,send,Send")
    }
    #expect(
      EventFileError.missingColumn("time").description
        == "the required column 'time' is missing from the header")
    try header("x,x, Recipient ,CAMPAIGN,\"kind\",time")
  }

  @Test("a record with another number of fields is malformed")
  func checksFieldCounts() throws {
    var random = PRNG(seed: 1)
    let text = "time,kind,campaign,recipient\n1,sent,c\n1,sent,c,r,x\n1,sent,c,r\n"
    let found = try read(text, separator: ",", &random)
    let event = EventFileOutcome.event([
      "time": "1000", "kind": "sent", "campaign": "c", "recipient": "r",
    ])
    #expect(
      found == [.other(.rejected(.malformed)), .other(.rejected(.malformed)), event])
  }

  @Test("random text never crashes the parsers")
  func survivesRandomText() {
    forAll(count: 400) { random, note in EventFileFuzz.parse(&random, note) }
  }

  private func parse(_ line: String) -> EventFileOutcome {
    var event = Event()
    var parser = EventJSONParser()
    return Array(line.utf8).withUnsafeBufferPointer {
      EventFileOutcome(parser.parse(ByteSlice($0), into: &event), event)
    }
  }

  private func header(_ text: String) throws {
    var random = PRNG(seed: 1)
    _ = try read(text, separator: ",", &random)
  }

  private func read(
    _ text: String, separator: String, _ random: inout PRNG
  ) throws -> [EventFileOutcome] {
    var reader = DelimitedReader(separator: separator == "," ? ASCII.comma : ASCII.tab)
    var parser: EventRecordParser?
    var event = Event()
    var outcomes: [EventFileOutcome] = []
    var rest = Array(text.utf8)[...]
    while true {
      switch reader.next() {
      case .record(let record):
        guard parser != nil else {
          parser = try EventRecordParser(header: record)
          continue
        }
        if let outcome = parser?.parse(record, into: &event) {
          outcomes.append(EventFileOutcome(outcome, event))
        }
      case .rejected(let reason): outcomes.append(.other(.rejected(reason)))
      case .blank: break
      case .needsMore:
        if rest.isEmpty { reader.finish() }
        let chunk = rest.prefix(1 + random.below(80))
        if !chunk.isEmpty { CSVFuzz.feed(Array(chunk), to: &reader) }
        rest = rest.dropFirst(chunk.count)
      case .end: return outcomes
      }
    }
  }
}
