// AWS Application Load Balancer lines: twelve plain fields, the quoted request, the quoted agent,
// and more that is of no interest here.
//
// SAFETY: fields are cut at spaces found in front of the first quote, which lies in the line;
// `ends` has room for exactly the fields there are.

package import Base

/// Reads lines of an AWS Application Load Balancer.
package struct LoadBalancerParser: LineParser {
  private let marks = QuoteMarks()
  private let fields = CellMarks()
  private var hits: HitReader

  package init(routes: Routes) { hits = HitReader(routes) }

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    let line = LogLine.trim(line)
    if let outcome = LogLine.outcomeWithoutReading(line) { return outcome }
    let (isComplete, sawBackslash) = marks.find(4, in: line)
    let positions = marks.positions
    guard isComplete, fields.findPlain(12, in: line, upTo: positions[0]),
      positions[2] == positions[1] &+ 2, line.base[positions[1] &+ 1] == ASCII.space,
      positions[3] &+ 1 == line.count || line.base[positions[3] &+ 1] == ASCII.space,
      let status = status(line)
    else { return .rejected(.malformed) }
    guard let time = Timestamp.parse(fields.cell(1, of: line)) else { return .rejected(.time) }
    hits.scratch.reset()
    let (methods, target) = LogLine.splitRequest(
      line, from: positions[0] &+ 1, to: positions[1])
    var request = HitRequest(
      time: time, methods: methods, target: target, isBroken: false, status: status,
      address: address(fields.cell(3, of: line)))
    if sawBackslash {
      guard let plain = LogLine.unescape(target, into: hits.scratch) else {
        return .rejected(.tooLong)
      }
      request.target = plain.target
      request.isBroken = plain.isBroken
    }
    let outcome = hits.read(request, into: &event)
    guard outcome == .event else { return outcome }
    return readAgent(line, into: &event)
  }

  /// Three digits, or 0 for `-`.
  private func status(_ line: ByteSlice) -> Int? {
    let cell = fields.cell(8, of: line)
    if cell.count == 1, cell.base[0] == ASCII.minus { return 0 }
    return cell.count == 3 ? LogLine.status(cell, at: 0) : nil
  }

  /// The address of `203.0.113.7:4711` or `[2001:db8::1]:4711`.
  private func address(_ client: ByteSlice) -> ByteSlice {
    var end = ByteSearch.lastIndex(of: ASCII.colon, in: client) ?? client.count
    if client.count == 1, client.base[0] == ASCII.minus { return hits.none }
    guard client.base[0] == ASCII.openBracket, end >= 2,
      client.base[end &- 1] == ASCII.closeBracket
    else { return client.slice(from: 0, to: end) }
    end &-= 1
    return client.slice(from: 1, to: end)
  }

  private func readAgent(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    let agent = line.slice(from: marks.positions[2] &+ 1, to: marks.positions[3])
    guard ByteScan.index(of: ASCII.backslash, in: agent, from: 0) < agent.count else {
      return hits.setUserAgent(agent, &event)
    }
    guard let plain = LogEscape.unescape(agent, into: hits.scratch) else {
      return .rejected(.tooLong)
    }
    return hits.setUserAgent(plain.text, &event)
  }
}

extension CellMarks {
  /// Whether exactly `count` fields that are not empty, each followed by one space, stand before
  /// `end`.
  @inline(__always)
  func findPlain(_ count: Int, in line: ByteSlice, upTo end: Int) -> Bool {
    var column = 0
    var start = 0
    while column < count {
      let space = ByteScan.index(of: ASCII.space, in: line, from: start)
      guard space > start, space < end else { return false }
      setEnd(of: column, space)
      start = space &+ 1
      column &+= 1
    }
    return start == end
  }
}
