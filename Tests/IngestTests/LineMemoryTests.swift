import Base
import Ingest
import TestSupport
import Testing

@Suite("What a parser remembers of the lines before")
struct LineMemoryTests {
  @Test("a line of an event file says the same behind others as it does alone")
  func lines() {
    forAll(count: 200) { random, note in
      var remembering = EventJSONParser()
      let shapes = (0..<3).map { _ in LineMemoryTests.shape(&random) }
      for _ in 0..<30 {
        let line = LineMemoryTests.line(random.pick(shapes), &random)
        var alone = EventJSONParser()
        let text = String(decoding: line, as: UTF8.self)
        #expect(outcome(&remembering, line) == outcome(&alone, line), "\(note): \(text)")
      }
    }
  }

  @Test("times say the same whatever stood before them")
  func times() {
    forAll(count: 50) { random, note in
      var remembering = EventJSONParser()
      for _ in 0..<40 {
        var time = Array(LineMemoryTests.time(&random).utf8)
        if random.isHit(0.3) { time[random.below(time.count)] = LineMemoryTests.byte(&random) }
        let line =
          Array("{\"time\":\"".utf8) + time
          + Array("\",\"kind\":\"sent\",\"campaign\":\"c\",\"recipient\":\"r\"}".utf8)
        var alone = EventJSONParser()
        let text = String(decoding: time, as: UTF8.self)
        #expect(outcome(&remembering, line) == outcome(&alone, line), "\(note): \(text)")
      }
    }
  }

  private func outcome(_ parser: inout EventJSONParser, _ line: [UInt8]) -> EventFileOutcome {
    var event = Event()
    // Exactly as many bytes as the line has, so that a sanitizer sees one read too many.
    return line.withUnsafeBufferPointer {
      EventFileOutcome(parser.parse(ByteSlice($0), into: &event), event)
    }
  }

  /// What stands before each value of some lines.
  private static func shape(_ random: inout PRNG) -> [String] {
    let names = [
      "time", "kind", "campaign", "recipient", "send", "variant", "x", "", "tracked", "value",
      "c\\u0061mpaign", String(repeating: "long", count: 20),
    ]
    var shape = ["time", "kind", "campaign", "recipient"]
    for _ in 0..<random.below(6) { shape.append(random.pick(names)) }
    if random.isHit(0.1) { shape += (0..<40).map { "more\($0)" } }
    let colon = random.pick([":", ": ", " : "])
    return shape.enumerated().map { index, name in
      (index == 0 ? "{" : random.pick([",", ", "])) + "\"\(name)\"\(colon)"
    }
  }

  private static func line(_ shape: [String], _ random: inout PRNG) -> [UInt8] {
    var text = ""
    for (index, prefix) in shape.enumerated() {
      text += prefix
      switch index {
      case 0: text += "\"\(time(&random))\""
      case 1: text += "\"\(random.pick(EventKind.allCases).name)\""
      default:
        text += random.pick(["\"a\"", "\"b c\"", "\"\\n\"", "1", "-2.5", "true", "null", "[1]"])
      }
      // Now and then a line ends before the others do.
      if random.isHit(0.03) { break }
    }
    var bytes = Array((text + random.pick(["}", "}", "}", " }", "", "}x"])).utf8)
    if random.isHit(0.2) { bytes[random.below(bytes.count)] = byte(&random) }
    return bytes
  }

  private static func time(_ random: inout PRNG) -> String {
    let second = random.pick(["00", "01", "59", "60", "61", "7", "0x"])
    let end = random.pick([".250Z", ".999Z", ".000Z", ".25Z", "Z", ".2500", "+01:00", ".250z"])
    return "2026-03-1\(random.below(3))T09:\(random.pick(["12", "13"])):\(second)\(end)"
  }

  private static func byte(_ random: inout PRNG) -> UInt8 {
    random.isHit(0.5) ? UInt8(random.below(256)) : random.pick(Array("{}\",:0 [".utf8))
  }
}
