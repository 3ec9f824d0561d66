// Common, combined and vhost-combined lines:
//
//     h.example:443 203.0.113.7 - - [14/Mar/2026:09:12:01 +0100] "GET /o?c=a HTTP/2" 200 43 "-" "x"
//     └── vhost ──┘                 └─ 29 bytes to the quote ──┘
//
// The quotes are found first, everything else by its distance from them; the target is looked at
// before any field is taken.
//
// SAFETY: every offset is derived from quote positions inside the line and checked against its
// neighbours.

package import Base
internal import CKernels

/// Reads lines of the combined family.
package struct CombinedLogParser: LineParser {
  /// Which of the three layouts a file has.
  package enum Layout: Sendable {
    case common
    case combined
    case vhostCombined
  }

  private let hasAgent: Bool
  private let hasHost: Bool
  private let marks = QuoteMarks()
  private var clock = ClockCache()
  private var hits: HitReader

  package init(_ layout: Layout, routes: Routes) {
    hasAgent = layout != .common
    hasHost = layout == .vhostCombined
    hits = HitReader(routes)
  }

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    let line = LogLine.trim(line)
    if let outcome = LogLine.outcomeWithoutReading(line) { return outcome }
    let (isComplete, sawBackslash) = marks.find(hasAgent ? 6 : 2, in: line)
    let bracket = marks.positions[0] &- 29
    let requestEnd = marks.positions[1]
    guard isComplete, bracket > 0, let (addressStart, addressEnd) = address(line, upTo: bracket),
      line.base[bracket] == ASCII.openBracket, line.base[bracket &+ 27] == ASCII.closeBracket,
      line.base[bracket &+ 28] == ASCII.space,
      let status = statusAndSize(line, from: requestEnd &+ 1)
    else { return .rejected(.malformed) }
    if hasAgent {
      guard hasQuotedEnd(line) else { return .rejected(.malformed) }
    }
    guard let time = clock.parse(line.base + (bracket &+ 1)) else { return .rejected(.time) }
    let (methods, target) = LogLine.splitRequest(line, from: bracket &+ 30, to: requestEnd)
    var request = HitRequest(
      time: time, methods: methods, target: target, isBroken: false, status: status,
      address: line.slice(from: addressStart, to: addressEnd))
    hits.scratch.reset()
    if sawBackslash {
      guard let plain = LogLine.unescape(target, into: hits.scratch) else {
        return .rejected(.tooLong)
      }
      request.target = plain.target
      request.isBroken = plain.isBroken
    }
    let outcome = hits.read(request, into: &event)
    guard outcome == .event, hasAgent else { return outcome }
    return readAgent(line, mayBeEscaped: sawBackslash, into: &event)
  }

  /// Where the address lies in what stands before the bracket, if that has enough fields.
  @inline(__always)
  private func address(_ line: ByteSlice, upTo bracket: Int) -> (Int, Int)? {
    guard line.base[bracket &- 1] == ASCII.space else { return nil }
    guard bracket <= 64, line.count >= 64 else { return addressSlowly(line, upTo: bracket) }
    var spaces = beacon_mask64(line.base, ASCII.space)
    if bracket < 64 { spaces &= 1 << UInt64(bracket) &- 1 }
    guard spaces.nonzeroBitCount >= (hasHost ? 4 : 3) else { return nil }
    let end = spaces.trailingZeroBitCount
    guard end > 0 else { return nil }
    guard hasHost else { return (0, end) }
    let second = (spaces & (spaces &- 1)).trailingZeroBitCount
    return second > end &+ 1 ? (end &+ 1, second) : nil
  }

  @inline(never)
  private func addressSlowly(_ line: ByteSlice, upTo bracket: Int) -> (Int, Int)? {
    var spaceCount = 0
    var index = 0
    while index < bracket {
      spaceCount &+= line.base[index] == ASCII.space ? 1 : 0
      index &+= 1
    }
    guard spaceCount >= (hasHost ? 4 : 3) else { return nil }
    var start = 0
    var end = ByteScan.index(of: ASCII.space, in: line, from: 0)
    guard end > 0 else { return nil }
    if hasHost {
      start = end &+ 1
      end = ByteScan.index(of: ASCII.space, in: line, from: start)
    }
    return end > start ? (start, end) : nil
  }

  /// The status of ` 200 43`, if the size is one and a space or the end follows.
  @inline(__always)
  private func statusAndSize(_ line: ByteSlice, from start: Int) -> Int? {
    guard start &+ 6 <= line.count, line.base[start] == ASCII.space,
      let status = LogLine.status(line, at: start &+ 1), line.base[start &+ 4] == ASCII.space
    else { return nil }
    var index = start &+ 5
    if line.base[index] == ASCII.minus {
      index &+= 1
    } else {
      while index < line.count, ASCII.isDigit(line.base[index]) { index &+= 1 }
      guard index > start &+ 5 else { return nil }
    }
    guard hasAgent else {
      return index == line.count || line.base[index] == ASCII.space ? status : nil
    }
    return index &+ 1 == marks.positions[2] && line.base[index] == ASCII.space ? status : nil
  }

  /// Whether one space stands between referer and agent, and a space or the end behind the agent.
  @inline(__always)
  private func hasQuotedEnd(_ line: ByteSlice) -> Bool {
    let positions = marks.positions
    guard positions[4] == positions[3] &+ 2, line.base[positions[3] &+ 1] == ASCII.space else {
      return false
    }
    let end = positions[5] &+ 1
    return end == line.count || line.base[end] == ASCII.space
  }

  @inline(__always)
  private func readAgent(
    _ line: ByteSlice, mayBeEscaped: Bool, into event: inout Event
  ) -> LineOutcome {
    let agent = line.slice(from: marks.positions[4] &+ 1, to: marks.positions[5])
    if mayBeEscaped, ByteScan.index(of: ASCII.backslash, in: agent, from: 0) < agent.count {
      guard let plain = LogEscape.unescape(agent, into: hits.scratch) else {
        return .rejected(.tooLong)
      }
      return hits.setUserAgent(plain.text, &event)
    }
    return hits.setUserAgent(agent, &event)
  }
}
