// CloudFront standard logs: tab-separated values in the order that `#Fields` names, percent-escaped
// once more than the client wrote them.
//
// SAFETY: columns are cut from the line at tabs found inside it; `ends` has room for
// `columnCountMax`.

package import Base

/// Reads CloudFront lines; a `#Fields` line on the way changes the columns.
package struct CloudFrontParser: LineParser {
  private static let standardFields: StaticString = """
    date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) \
    cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header \
    cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher \
    x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port \
    time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start \
    sc-range-end
    """
  private var columns: CloudFrontColumns
  private let cells = CellMarks()
  private var hits: HitReader

  /// A parser for lines in the standard order of columns, until a `#Fields` line says otherwise.
  package init(routes: Routes) {
    self.init(
      fieldsLine: ByteSlice(
        CloudFrontParser.standardFields.utf8Start,
        count: CloudFrontParser.standardFields.utf8CodeUnitCount), routes: routes)
  }

  /// A parser that starts in the middle of a file.
  ///
  /// - Parameter fieldsLine: the file's `#Fields: date time ...` line.
  package init(fieldsLine: ByteSlice, routes: Routes) {
    columns = CloudFrontColumns(fieldsLine)
    hits = HitReader(routes)
  }

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    let line = LogLine.trim(line)
    if let outcome = LogLine.outcomeWithoutReading(line) {
      if outcome == .ignored(.comment), CloudFrontColumns.isFieldsLine(line) {
        columns = CloudFrontColumns(line)
      }
      return outcome
    }
    guard columns.isUsable, cells.find(columns.count, in: line),
      let status = status(line)
    else { return .rejected(.malformed) }
    let date = cells.cell(columns.date, of: line)
    guard let time = Timestamp.parse(date: date, clock: cells.cell(columns.clock, of: line)) else {
      return .rejected(.time)
    }
    hits.scratch.reset()
    guard let (target, isBroken) = target(line) else { return .rejected(.tooLong) }
    let method = cells.cell(columns.method, of: line)
    let request = HitRequest(
      time: time, methods: LogLine.method(method.base, count: method.count), target: target,
      isBroken: isBroken, status: status, address: optionalCell(columns.address, line))
    let outcome = hits.read(request, into: &event)
    guard outcome == .event else { return outcome }
    return readAgent(line, into: &event)
  }

  private func status(_ line: ByteSlice) -> Int? {
    let cell = cells.cell(columns.status, of: line)
    return cell.count == 3 ? LogLine.status(cell, at: 0) : nil
  }

  /// The cell of a column that may be missing; `-` is empty.
  private func optionalCell(_ column: Int?, _ line: ByteSlice) -> ByteSlice {
    guard let column else { return hits.none }
    let cell = cells.cell(column, of: line)
    return cell.count == 1 && cell.base[0] == ASCII.minus ? hits.none : cell
  }

  /// Path and query joined as the client wrote them.
  private func target(_ line: ByteSlice) -> (HitTarget, Bool)? {
    let stem = cells.cell(columns.stem, of: line)
    let query = optionalCell(columns.query, line)
    let scratch = hits.scratch
    guard let output = scratch.room(for: stem.count &+ 1 &+ query.count) else { return nil }
    output.update(from: stem.base, count: stem.count)
    var count = stem.count
    if !query.isEmpty {
      output[count] = ASCII.questionMark
      (output + (count &+ 1)).update(from: query.base, count: query.count)
      count &+= 1 &+ query.count
    }
    let escaped = scratch.commit(count)
    guard ByteScan.index(of: ASCII.percent, in: escaped, from: 0) < count else {
      return (HitTarget(text: escaped, start: 0, end: count), false)
    }
    guard let plain = PercentEscape.unescape(escaped, plusIsSpace: false, into: scratch) else {
      return nil
    }
    return (HitTarget(text: plain.text, start: 0, end: plain.text.count), plain.isBroken)
  }

  /// Undone once, and once more where `%20` is left: older logs escaped agents twice.
  private func readAgent(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    var agent = optionalCell(columns.agent, line)
    var round = 0
    while round < 2, ByteScan.index(of: ASCII.percent, in: agent, from: 0) < agent.count {
      guard round == 0 || CloudFrontParser.hasEscapedSpace(agent) else { break }
      guard
        let plain = PercentEscape.unescape(agent, plusIsSpace: false, into: hits.scratch)
      else { return .rejected(.tooLong) }
      agent = plain.text
      round &+= 1
    }
    return hits.setUserAgent(agent, &event)
  }

  private static func hasEscapedSpace(_ text: ByteSlice) -> Bool {
    let space: StaticString = "%20"
    let needle = ByteSlice(space.utf8Start, count: space.utf8CodeUnitCount)
    return ByteSearch.firstIndex(of: needle, in: text) != nil
  }
}
