import Base
import Ingest
import Testing

@Suite("File kinds")
struct EventFileKindTests {
  private static let combined =
    #"192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] "GET /o?c=a&r=b HTTP/1.1" 200 43 "-" "curl/8""#
    + "\n"

  @Test("events are told by their keys or their header, whatever the file is called")
  func findsEvents() {
    let line = #"{"time":1,"kind":"sent","campaign":"c","recipient":"r"}"#
    #expect(detect("events.log", line) == .events(.ndjson))
    #expect(detect("campaigns.ndjson", "\n \n" + line + "\n") == .events(.ndjson))
    #expect(detect("-", #"{"kind":"sent"}"#) == .events(.ndjson))
    #expect(detect("x", "time,kind,campaign,recipient\n") == .events(.csv))
    #expect(detect("x", "\u{FEFF}Kind\tRECIPIENT\ttime\t\"campaign\"\tx\r\n") == .events(.tsv))
    #expect(detect("recipients.csv", "recipient,campaign,kind,time\n") == .events(.csv))
    // The missing column is for the parser to name.
    #expect(detect("x.csv", "time,kind,campaign\n") == .events(.csv))
  }

  @Test("attribute files are told by their names or by their key")
  func findsAttributes() {
    #expect(detect("/a/campaigns.csv", "id,subject\n") == .attributes(.campaign, .csv))
    #expect(detect("a/recipients.tsv.gz", "mail\tschool\n") == .attributes(.recipient, .tsv))
    #expect(detect("links.jsonl.zst", #"{"id":"l","url":"u"}"#) == .attributes(.link, .ndjson))
    #expect(detect("campaigns.csv", "id,kind\n") == .attributes(.campaign, .csv))
    #expect(detect("x.csv", "Recipient,school\n") == .attributes(.recipient, .csv))
    #expect(detect("x", #"{"link":"l","url":"u"}"#) == .attributes(.link, .ndjson))
    #expect(detect("x.csv", "recipient,kind\n") == .events(.csv))
  }

  @Test("access logs are what a log format reads, also under an attribute file's name")
  func findsAccessLogs() {
    #expect(detect("access.log", Self.combined) == .accessLog(.combined))
    #expect(detect("links.log", Self.combined) == .accessLog(.combined))
  }

  @Test("the generator's answers, prose and nothing are no input")
  func refusesTheRest() {
    let truth = #"{"time":1,"kind":"sent","campaign":"c","recipient":"r"}"#
    #expect(detect("out/truth.json", truth) == nil)
    #expect(detect("truth.json.gz", truth) == nil)
    #expect(detect("x.json", "{\n  \"sent\": 5,\n  \"opens\": 3\n}\n") == nil)
    #expect(detect("x.json", #"{"sent":5,"campaigns":[{"kind":"x"}]}"#) == nil)
    #expect(detect("README", "What this is, and why.\n") == nil)
    #expect(detect("x", "") == nil)
    #expect(detect("x", "\n\n") == nil)
  }

  @Test("a head that ends anywhere is judged by what is there")
  func judgesBeginnings() {
    let text = #"{"time":1,"kind":"sent","campaign":"c","recipient":"r"}"#
    for count in 0...text.utf8.count {
      let kind = detect("x", String(text.prefix(count)))
      let needed = #"{"time":1,"kind":"sent""#.utf8.count
      #expect((kind == .events(.ndjson)) == (count >= needed), "\(count)")
    }
  }

  private func detect(_ name: String, _ head: String) -> FileKind? {
    Array(head.utf8).withUnsafeBufferPointer { FileKind.detect(name: name, head: ByteSlice($0)) }
  }
}
