// Event files of one JSON object per line.

package import Base

/// Parses the lines that docs/formats/event-files.md describes.
package struct EventJSONParser: LineParser {
  private var assembly = EventAssembly()
  private let scratch = LineScratch()
  private let shape = LineShape()

  package init() {}

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    guard line.count <= Limits.lineByteCountMax else { return .rejected(.tooLong) }
    guard !JSONLine.isBlank(line) else { return .ignored(.comment) }
    scratch.reset()
    assembly.begin(&event)
    var members = JSONObjectReader(line, scratch: scratch)
    var index = 0
    while let (field, value) = next(&members, index, line) {
      index &+= 1
      guard let field else { continue }
      guard let text = JSONLine.text(of: value) else { return .rejected(.malformed) }
      if let reason = assembly.set(field, text, &event) { return .rejected(reason) }
    }
    return members.isMalformed ? .rejected(.malformed) : assembly.finish(event)
  }

  /// The next member, which is the line's one at `index`: first the line is expected to look like the one before.
  @inline(__always)
  private func next(
    _ members: inout JSONObjectReader, _ index: Int, _ line: ByteSlice
  ) -> (field: EventField?, value: JSONValue)? {
    if members.skip(shape.prefix(index)) {
      return members.readValue().map { (shape.field(index), $0) }
    }
    let start = members.offset
    guard let (key, value) = members.next() else { return nil }
    let field = EventField(name: key)
    shape.learn(index, line.slice(from: start, to: members.valueOffset), field)
    return (field, value)
  }
}
