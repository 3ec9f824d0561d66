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
