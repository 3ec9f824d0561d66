// Messages cut from a stream: both framings, mixed ones, limits, and any split of the bytes.

import Base
import Ingest
import TestSupport
import Testing

@Suite("SyslogFraming")
struct SyslogFramingTests {
  /// What came out of a stream.
  private struct Outcome: Equatable {
    var messages: [[UInt8]] = []
    var tooLongCount = 0
    var isCut = false
  }

  @Test(
    "each message says how it is framed",
    arguments: [
      ("<1>a\n<2>b\r\n", ["<1>a", "<2>b\r"]),
      ("4 <1>a4 <2>b", ["<1>a", "<2>b"]),
      ("4 <1>a<2>b\n6 <3>c\nd\n\n4 <4>e\n", ["<1>a", "<2>b", "<3>c\nd", "<4>e"]),
      (
        "192.0.2.1 - -\n12 monkeys\n12\n1234567 x\n12345678 <1>\n0 <1>\n",
        [
          "192.0.2.1 - -", "12 monkeys", "12", "1234567 x", "12345678 <1>", "0 <1>",
        ]
      ),
    ])
  func framings(stream: String, messages: [String]) {
    let outcome = SyslogFramingTests.outcome(Array(stream.utf8), .syslog)
    #expect(outcome.messages.map { String(decoding: $0, as: UTF8.self) } == messages)
    #expect(!outcome.isCut)
  }

  @Test("plain lines know no counts, and may be empty")
  func lines() {
    let outcome = SyslogFramingTests.outcome(Array("4 <1>a\n\nb\nc".utf8), .lines)
    #expect(outcome.messages == ["4 <1>a", "", "b"].map { Array($0.utf8) })
    #expect(outcome.isCut)
  }

  @Test(
    "what is longer than a message may be is skipped and counted, and what follows is found",
    arguments: [8, 9, 10, 100])
  func tooLong(byteCount: Int) {
    let long = "<1>" + String(repeating: "x", count: byteCount - 3)
    for stream in ["\(long)\n", "\(byteCount) \(long)"] {
      let outcome = SyslogFramingTests.outcome(Array("\(stream)<2>b\n".utf8), .syslog, most: 8)
      #expect(outcome.tooLongCount == (byteCount > 8 ? 1 : 0))
      #expect(outcome.messages.count == (byteCount > 8 ? 1 : 2))
      #expect(outcome.messages.last == Array("<2>b".utf8))
    }
  }

  @Test(
    "a stream that ends within a message says so",
    arguments: [("", false), ("<1>a\n", false), ("<1>a", true), ("4", true), ("9 <1>a", true)])
  func cut(stream: String, isCut: Bool) {
    #expect(SyslogFramingTests.outcome(Array(stream.utf8), .syslog).isCut == isCut)
  }

  @Test("any split of any bytes gives what the plain twin finds in the whole")
  func splits() {
    forAll(count: Cases.count(2000)) { random, seed in
      let stream = SyslogFramingTests.stream(&random)
      let style: SyslogFraming.Style = random.isHit(0.7) ? .syslog : .lines
      let expected = SyslogFramingTests.twin(stream, style, most: 40)
      for longest in [1, 7, stream.count] {
        let split = SyslogFramingTests.outcome(stream, style, most: 40) {
          1 + random.below(longest + 1)
        }
        #expect(split == expected, "\(seed)")
      }
    }
  }

  private static func stream(_ random: inout PRNG) -> [UInt8] {
    let pieces = [
      "\n", "\n", "\r\n", "<14>", "<", " ", "0", "1", "9", "12", "77", "x", "a: b", "\0",
    ]
    var bytes: [UInt8] = []
    for _ in 0..<random.below(12) {
      let text = (0..<random.below(10)).map { _ in random.pick(pieces) }.joined()
      switch random.below(4) {
      case 0: bytes += Array("\(text.utf8.count + 4) <13>\(text)".utf8)
      case 1: bytes += Array("<13>\(text)\n".utf8)
      case 2: bytes += (0..<random.below(60)).map { _ in UInt8(random.below(256)) }
      default: bytes += Array(text.utf8)
      }
    }
    return bytes
  }

  private static func outcome(
    _ stream: [UInt8], _ style: SyslogFraming.Style, most: Int = 1000,
    pieceByteCount: () -> Int = { .max }
  ) -> Outcome {
    var framing = SyslogFraming(style, byteCountMax: most)
    var outcome = Outcome()
    var rest = stream[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(pieceByteCount()))
      rest = rest.dropFirst(piece.count)
      piece.withUnsafeBufferPointer { buffer in
        framing.receive(ByteSlice(buffer)) { outcome.messages.append($0.array) }
      }
    }
    outcome.tooLongCount = framing.tooLongCount
    outcome.isCut = framing.finish()
    return outcome
  }

  /// The whole stream at once, with arrays.
  private static func twin(
    _ stream: [UInt8], _ style: SyslogFraming.Style, most: Int
  ) -> Outcome {
    var outcome = Outcome()
    var rest = stream[...]
    while !rest.isEmpty {
      let digits = rest.prefix { (48...57).contains($0) }
      let isCounted =
        style == .syslog && (1...7).contains(digits.count) && digits.first != 48
        && rest.dropFirst(digits.count).starts(with: Array(" <".utf8))
      if isCounted, let count = Int(String(decoding: digits, as: UTF8.self)) {
        rest = rest.dropFirst(digits.count + 1)
        if count > most {
          outcome.tooLongCount += 1
        } else if rest.count < count {
          outcome.isCut = true
        } else {
          outcome.messages.append(Array(rest.prefix(count)))
        }
        rest = rest.dropFirst(count)
        continue
      }
      let line = rest.prefix { $0 != 10 }
      let isWhole = line.count < rest.count
      if line.count > most {
        outcome.tooLongCount += 1
      } else if !isWhole {
        outcome.isCut = true
      } else if style == .lines || !line.isEmpty {
        outcome.messages.append(Array(line))
      }
      rest = rest.dropFirst(line.count + 1)
    }
    return outcome
  }
}
