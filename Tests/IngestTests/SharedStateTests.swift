import Base
import Columnar
import Ingest
import TestSupport
import Testing

@Suite("What shards share")
struct SharedStateTests {
  @Test("threads that intern the same values agree on every code")
  func codes() {
    let shared = SharedState()
    let results = Monitor<[[UInt32]]>([])
    Threads.run(4) {
      let cache = CodeCache(.campaign, of: shared)
      let codes = (0..<600).map { index in
        Array("campaign \(index % 200)".utf8).withUnsafeBufferPointer {
          cache.code(ByteSlice($0)) ?? 0
        }
      }
      results.update { $0.append(codes) }
    }
    let all = results.update { $0 }
    #expect(all.count == 4 && Set(all).count == 1)
    #expect(Set(all[0]) == Set(1...200))
    for (index, code) in all[0].enumerated() {
      #expect(shared.dictionary(.campaign)[code - 1].text == "campaign \(index % 200)")
    }
    let cache = CodeCache(.campaign, of: shared)
    #expect(cache.code(.empty) == 0)
  }

  @Test("a cache knows values from each other that begin, end and are in the middle alike")
  func similarValues() {
    let shared = SharedState()
    let cache = CodeCache(.userAgent, of: shared)
    forAll(count: 100) { random, seed in
      let count = 1 + random.below(60)
      var value = [UInt8](repeating: UInt8(ascii: "x"), count: count)
      for _ in 0..<50 {
        value[random.below(count)] = UInt8(ascii: "a") + UInt8(random.below(3))
        let (code, plain) = value.withUnsafeBufferPointer {
          (cache.code(ByteSlice($0)), shared.code(.userAgent, ByteSlice($0)))
        }
        #expect(code == plain && code != nil, "\(seed)")
      }
    }
  }

  @Test("a dictionary with its bytes full takes nothing new, and knows what it has")
  func fullDictionary() {
    let shared = SharedState(byteCountMax: 40)
    let code = { (text: String, isKept: Bool) in
      Array(text.utf8).withUnsafeBufferPointer {
        shared.code(.link, ByteSlice($0), isKept: isKept)
      }
    }
    // Each takes its bytes and four more.
    #expect(code("0123456789", false) == 1 && code("abcdefghij", false) == 2)
    #expect(code("klmnopqrstuvw", false) == nil)
    #expect(code("klmno", false) == 3 && code("p", false) == nil)
    #expect(code("0123456789", false) == 1 && code("", false) == 0)
    #expect(shared.code(.campaign, ByteSlice(text: "p")) == 1)
    // What a log holds was taken once, by a version with other limits perhaps.
    #expect(code("p", true) == 4 && code("p", false) == 4)
  }

  @Test("values that a flood has left no room for: a new user agent is none, a new link no event")
  func flood() {
    let folder = TemporaryFolder()
    let address = "203.0.113.1 - - [14/Mar/2026:09:10:00 +0000]"
    let opens = (0..<9).map { index in
      "\(address) \"GET /o?c=spring&r=r\(index) HTTP/1.1\" 200 43 \"-\" \"agent \(index) of a flood\"\n"
    }
    let clicks = (0..<9).map { index in
      "\(address) \"GET /c?c=spring&r=r\(index)&l=a-link-with-number-\(index) HTTP/1.1\" 302 0 "
        + "\"-\" \"-\"\n"
    }
    let path = folder.write("a.log", Array((opens + clicks).joined().utf8))
    let loading = Loading([path], shared: SharedState(byteCountMax: 100))
    #expect(loading.shared.dictionary(.userAgent).count == 4)
    #expect(loading.shared.dictionary(.link).count == 4)
    #expect(loading.events.count == 9 + 4)
    #expect(loading.tally.rejected[Int(RejectReason.tooManyValues.rawValue)] == 5)
  }

  @Test("an event that there is no room for says nothing of its link either")
  func rejectedStatement() {
    let folder = TemporaryFolder()
    let event = { (rest: String) in
      "{\"time\":\"2026-03-14\",\"kind\":\"converted\",\"campaign\":\"c\",\"recipient\":\"r\"\(rest)}\n"
    }
    let rejected = event(",\"link\":\"l\",\"url\":\"u\",\"currency\":\"a currency of a flood\"")
    let path = folder.write("a.ndjson", Array((rejected + event("")).utf8))
    let loading = Loading([path], shared: SharedState(byteCountMax: 20))
    #expect(loading.tally.rejected[Int(RejectReason.tooManyValues.rawValue)] == 1)
    #expect(loading.events.count == 1)
    #expect(loading.shared.sharedAttributes.link.columns.isEmpty)
  }

  @Test("a file's attribute outranks an event's; of events the smaller stays, of files the later")
  func attributes() {
    let shared = SharedState()
    let names = ["pear", "apple", "fig", "date"]
    let codes = names.map { name in
      Array(name.utf8).withUnsafeBufferPointer { shared.code(.attribute, ByteSlice($0)) ?? 0 }
    }
    forAll(count: 200) { random, seed in
      let owner = UInt32(1 + random.below(1 << 12))
      let name = "attribute \(seed)"
      var expected: String?
      var isFromFile = false
      for _ in 0..<random.below(6) {
        let pick = random.below(names.count)
        let fromFile = random.isHit(0.3)
        shared.stateAttribute(.link, name, of: owner, as: codes[pick], isFromFile: fromFile)
        if fromFile {
          (expected, isFromFile) = (names[pick], true)
        } else if !isFromFile {
          expected = min(expected ?? names[pick], names[pick])
        }
      }
      let column = shared.sharedAttributes.link.columns.first { $0.name == name }
      let code = column?.codes[Int(owner) - 1]
      let text = code.map { shared.dictionary(.attribute)[$0 - 1].text }
      #expect(text == expected, "\(seed)")
      #expect(column?.isFromFile[Int(owner) - 1] ?? false == isFromFile, "\(seed)")
    }
    #expect(shared.sharedAttributes.campaign.columns.isEmpty)
  }

  @Test("recipient attributes are numbered by name")
  func recipientAttributes() {
    let shared = SharedState()
    #expect(["plan", "age", "plan"].map { shared.recipientAttribute($0) } == [0, 1, 0])
    #expect(shared.sharedAttributes.recipientNames == ["plan", "age"])
  }
}
