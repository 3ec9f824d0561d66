// The log line in one syslog message, for every header that senders write.

import Base
import Ingest
import TestSupport
import Testing

@Suite("SyslogMessage")
struct SyslogMessageTests {
  private static let hit = #"192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] "GET /o HTTP/1.1" 200 43"#
  private static let object = #"{"t": 1, "u": "/o"}"#

  /// What stands before a line, of nginx, rsyslog's templates, logger and others.
  private static let heads = [
    "<190>Nov 22 05:37:02 edge1 nginx: ", "<190>Nov  2 05:37:02 nginx: ",
    "<0>Nov 02 05:37:02 edge1.example.com docker/web[42]: ", "<191>Jan  1 00:00:00 h t:",
    "<190>2026-11-22T05:37:02.123456+00:00 edge1 nginx: ", "<190>2026-11-22T05:37:02Z nginx:  ",
    "<190>nginx: ", "<13>", "<190>Nov 22 05:37:02 2001:db8:: nginx: ",
    "<190>1 2026-11-22T05:37:02.123Z edge1 nginx - - - ", "<190>1 - - - - - -  ",
    "<190>1 2026-11-22T05:37:02Z edge1 nginx 42 ID47 [a@1 b=\"c \\] d\" e=\"\\\"\"][f] \u{FEFF}",
    "<190>1 2026-11-22T05:37:02Z edge1 nginx 42 ID47 [a@1 b=\"c ] [d\\\\\"] ", "",
  ]

  @Test("the header is taken off, whatever the sender writes", arguments: heads)
  func takenOff(head: String) {
    for line in [SyslogMessageTests.hit, SyslogMessageTests.object, "x"] {
      // Without a space behind it, a tag would be part of a word.
      let head = head.hasSuffix("t:") ? head + " " : head
      for end in ["", "\n", "\r\n", "\0", "\n\0"] {
        #expect(SyslogMessageTests.line(head + line + end) == line, "\(head)")
      }
    }
  }

  @Test(
    "without a tag, the line begins behind the time",
    arguments: [
      ("<190>Nov 22 05:37:02 192.0.2.1 - - [x]", "192.0.2.1 - - [x]"),
      ("<190>Nov 22 05:37:02 2001:db8:: - - [x]", "2001:db8:: - - [x]"),
      ("<190>Nov 22 05:37:02 example.com:80 ::1 - -", "example.com:80 ::1 - -"),
      ("<190>Nov 22 05:37:02 {\"t\": 1}", "{\"t\": 1}"),
    ])
  func untagged(message: String, line: String) { #expect(SyslogMessageTests.line(message) == line) }

  @Test(
    "what has no priority is a line",
    arguments: [
      "<>x", "<192>x", "<1234>x", "<a>x", "<19", "<", "190>x", "nginx: x", "<190 >Nov 22 x: y",
    ])
  func plain(message: String) { #expect(SyslogMessageTests.line(message) == message) }

  @Test(
    "a damaged header, and a message without a line, carry nothing",
    arguments: [
      "", "\n", "<190>", "<190>  ", "<190>Nov 22 05:37:02 edge1 nginx: ", "<190>1 ",
      "<190>1 2026-11-22T05:37:02Z edge1 nginx - -", "<190>1 2026 edge1 nginx - - -",
      "<190>1 2026 edge1 nginx - - [a b=\"c] x", "<190>1 2026 edge1 nginx - - [a", "<190>1 a  b",
      "<190>1 2026 edge1 nginx - - x y", "<190>1 2026 edge1 nginx - - -x", "<190>1 2 e n - - []x",
      "<190>1 2026 edge1 nginx - - [a b=\"\\",
    ])
  func damaged(message: String) { #expect(SyslogMessageTests.line(message) == nil) }

  @Test("no bytes trap, and a line is always the end of its message")
  func anyBytes() {
    forAll(count: Cases.count(3000)) { random, seed in
      var bytes = Array((random.pick(Self.heads) + random.pick([Self.hit, Self.object])).utf8)
      for _ in 0..<random.below(6) {
        let index = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes.removeSubrange(index...)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(UInt8(random.below(256)), at: index)
        default: bytes[index] = random.pick(Array("<>1 []\"\\:-\n\0".utf8))
        }
        if bytes.isEmpty { break }
      }
      bytes.withUnsafeBufferPointer { buffer in
        guard let line = SyslogMessage.line(of: ByteSlice(buffer)) else { return }
        let start = ByteSlice(buffer).offset(of: line)
        #expect(start >= 0 && !line.isEmpty && start + line.count <= bytes.count, "\(seed)")
        #expect(bytes[(start + line.count)...].allSatisfy { [0, 10, 13].contains($0) }, "\(seed)")
      }
    }
  }

  private static func line(_ message: String) -> String? {
    Array(message.utf8).withUnsafeBufferPointer { SyslogMessage.line(of: ByteSlice($0))?.text }
  }
}
