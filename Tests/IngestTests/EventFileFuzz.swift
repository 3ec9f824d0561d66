// The fuzz body of event files and attribute files: nearly right text through every parser.

import Base
import Ingest
import Testing

enum EventFileFuzz {
  private static let pieces = [
    "{", "}", "\"", ",", ":", "\n", "\t", "time", "kind", "campaign", "recipient", "link", "sent",
    "1",
    "\"time\":1,", "\"kind\":\"sent\",", "\"campaign\":\"c\",", "\"recipient\":\"r\"", "null", "[",
    "time,kind,campaign,recipient\n", "1,sent,c,r\n", "campaign,subject\n", "é", " ",
  ]

  static func parse(_ random: inout PRNG, _ note: String) {
    var bytes: [UInt8] = []
    for _ in 0..<random.below(30) {
      if random.isHit(0.05) {
        bytes.append(UInt8(random.below(256)))
      } else {
        bytes += Array(random.pick(pieces).utf8)
      }
    }
    // Exactly as many bytes as the text has, so that a sanitizer sees one read too many.
    let name = random.pick(["x.csv", "links.csv", "-"])
    bytes.withUnsafeBufferPointer { parse(ByteSlice($0), name, note) }
  }

  private static func parse(_ text: ByteSlice, _ name: String, _ note: String) {
    var event = Event()
    var parser = EventJSONParser()
    if parser.parse(text, into: &event) == .event {
      #expect(!event.campaign.isEmpty && !event.recipient.isEmpty, "\(note)")
    }
    var row = AttributeRow()
    var attributes = AttributeJSONParser(owner: .campaign)
    if (try? attributes.parse(text, into: &row)) == .event {
      #expect(row.cells.allSatisfy { $0.column < attributes.columns.count }, "\(note)")
    }
    if case .events(let syntax) = FileKind.detect(name: name, head: text) {
      parseRecords(text, separator: syntax.separator ?? ASCII.comma)
    }
  }

  private static func parseRecords(_ text: ByteSlice, separator: UInt8) {
    var reader = DelimitedReader(separator: separator)
    reader.feed(text)
    reader.finish()
    var parser: EventRecordParser?
    var event = Event()
    while true {
      switch reader.next() {
      case .record(let record):
        if parser == nil { parser = try? EventRecordParser(header: record) }
        _ = parser?.parse(record, into: &event)
      case .blank, .rejected: break
      case .needsMore, .end: return
      }
    }
  }
}
