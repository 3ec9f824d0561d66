// Event files of one JSON object per line.

package import Base

/// Parses the lines that docs/formats/event-files.md describes.
package struct EventJSONParser: LineParser {
  private var assembly = EventAssembly()
  private let scratch = LineScratch()

  package init() {}

  package mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome {
    guard line.count <= Limits.lineByteCountMax else { return .rejected(.tooLong) }
    guard !JSONLine.isBlank(line) else { return .ignored(.comment) }
    scratch.reset()
    assembly.begin(&event)
    var members = JSONObjectReader(line, scratch: scratch)
    while let (key, value) = members.next() {
      guard let field = EventField(name: key) else { continue }
      guard let text = JSONLine.text(of: value) else { return .rejected(.malformed) }
      if let reason = assembly.set(field, text, &event) { return .rejected(reason) }
    }
    return members.isMalformed ? .rejected(.malformed) : assembly.finish(event)
  }
}
