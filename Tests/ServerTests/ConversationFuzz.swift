// However the bytes of a client are split, and whatever they are, the replies are those that a plain reading of the
// protocol gives: one for each request line.

import Base
import Server
import TestSupport
import Testing

@Suite("conversation, any bytes")
struct ConversationFuzz {
  private static let script =
    "PING\r\n\n  SELECT 1\nFORMAT csv\nSELECT broken\nINGEST combined\nhit\n..\n.x\n\r\n.\r\nwhat\n"
    + "SET audience = all\nINGEST nothing\nhit\n.\nHELP\nFORMAT typed\nSELECT 2\nINGEST alb\n.\n"
    + "SELECT a line that is longer than the limit of this test\nINGEST combined\nhit number one\n"
    + "fail\nhit\n.\nPING\nQUIT\n"

  private static var limits: ServerLimits {
    var limits = ServerLimits()
    limits.requestByteCountMax = 40
    limits.hitByteCountMax = 12
    return limits
  }

  private func output(_ parts: [ArraySlice<UInt8>]) -> String {
    var dialogue = Dialogue(limits: ConversationFuzz.limits)
    for part in parts { dialogue.send(Array(part)) }
    dialogue.endInput()
    #expect(dialogue.isClosed)
    return dialogue.text
  }

  @Test("pipelined requests may be split at every byte")
  func everySplit() {
    let bytes = Array(ConversationFuzz.script.utf8)
    let whole = output([bytes[...]])
    #expect(ConversationFuzz.statusCount(whole) == 16)
    for cut in bytes.indices { #expect(output([bytes[..<cut], bytes[cut...]]) == whole) }
    #expect(output(bytes.indices.map { bytes[$0...$0] }) == whole)
  }

  @Test("random bytes, randomly split, have one reply for each request line")
  func randomBytes() {
    forAll(count: Cases.count(400)) { random, seed in
      let bytes = ConversationFuzz.bytes(&random)
      let whole = output([bytes[...]])
      var parts: [ArraySlice<UInt8>] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        parts.append(rest.prefix(1 + random.below(20)))
        rest = rest.dropFirst(parts[parts.count - 1].count)
      }
      #expect(output(parts) == whole, "\(seed)")
      #expect(ConversationFuzz.statusCount(whole) == ConversationFuzz.replyCount(bytes), "\(seed)")
      #expect(!whole.utf8.contains(0), "\(seed)")
    }
  }

  private static func statusCount(_ output: String) -> Int {
    // Bytes, because CR LF is one character.
    output.utf8.split(separator: 10).count {
      $0.starts(with: "OK ".utf8) || $0.starts(with: "ERR ".utf8)
    }
  }

  private static let pieces = [
    "PING", "SELECT 1", "SELECT error", "INGEST combined", "INGEST caddy", "INGEST", ".", "hit",
    "SET audience = all", "FORMAT json", "FORMAT csv", "HELP", "FORGET r1", "FORGET", "AUTH x",
    "no such thing", "", " ", "GET /x HTTP/1.1", "Host: x",
    "fail", "ingest alb", "a line that is longer than the limit of all lines", "PING PONG",
  ]

  private static func bytes(_ random: inout PRNG) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<random.below(40) {
      switch random.below(10) {
      case 0: bytes += (0..<random.below(30)).map { _ in UInt8(random.below(256)) }
      case 1: bytes += [0xC3, 0x28, 0]
      default: bytes += Array(random.pick(pieces).utf8)
      }
      if !random.isHit(0.1) { bytes += random.isHit(0.2) ? [13, 10] : [10] }
    }
    return bytes
  }

  /// A plain reading of the protocol: lines, blocks, and nothing else.
  private static func replyCount(_ bytes: [UInt8]) -> Int {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    let last = lines.removeLast()
    var count = 0
    var isInBlock = false
    var isAnswered = false
    for line in lines {
      if isInBlock {
        let isEnd = line == [46] || line == [46, 13]
        let fails =
          line.count <= limits.hitByteCountMax
          && String(decoding: line, as: UTF8.self).contains("fail")
        if !isAnswered, isEnd || fails { count += 1 }
        isAnswered = isAnswered || fails
        if isEnd { isInBlock = false }
        continue
      }
      if isHTTP(line) { return count + 1 }
      guard isRequest(line) else { continue }
      let verb = verb(line)
      if verb == "ingest" {
        isInBlock = true
        isAnswered = !["ingest combined", "ingest alb"].contains(words(line))
        count += isAnswered ? 1 : 0
      } else {
        count += 1
        if verb == "quit" { return count }
      }
    }
    if isInBlock { return count + (isAnswered ? 0 : 1) }
    guard isRequest(last), !last.isEmpty else { return count }
    return count + 1
  }

  private static func isRequest(_ line: [UInt8]) -> Bool {
    line.count > limits.requestByteCountMax || line.contains { ![9, 13, 32].contains($0) }
  }

  private static func isHTTP(_ line: [UInt8]) -> Bool {
    guard line.count <= limits.requestByteCountMax else { return false }
    let words = line.split(separator: 32)
    return String(decoding: line.prefix(5), as: UTF8.self).lowercased() == "host:"
      || words.count == 3 && words[0].allSatisfy { 0x41...0x5A ~= $0 & 0xDF }
        && words[2].prefix(5).elementsEqual("HTTP/".utf8)
  }

  /// Nil for lines that are no requests of any verb, because of their bytes.
  private static func verb(_ line: [UInt8]) -> String? {
    guard line.count <= limits.requestByteCountMax, !line.contains(0),
      String(validating: line, as: UTF8.self) != nil
    else { return nil }
    return words(line).split(separator: " ").first.map { String($0) }
  }

  private static func words(_ line: [UInt8]) -> String {
    line.split { [9, 13, 32].contains($0) }
      .map { String(decoding: $0, as: UTF8.self).lowercased() }.joined(separator: " ")
  }
}
