// The innermost loop of parsing: lines of one buffer through one parser, outcomes counted. It is what a loading thread
// does, without what comes behind.

package import Base
package import Ingest

package enum LineLoop {
  package struct Counts: Equatable, Sendable {
    package var lines = 0
    package var events = 0
    package var ignored = 0
    package var rejected = 0

    package init(lines: Int = 0, events: Int = 0, ignored: Int = 0, rejected: Int = 0) {
      (self.lines, self.events) = (lines, events)
      (self.ignored, self.rejected) = (ignored, rejected)
    }
  }

  /// Parses every line of `text`; the last one may lack its newline.
  package static func run(_ text: ByteSlice, _ parser: any LineParser) -> Counts {
    count(text, parser)
  }

  private static func count(_ text: ByteSlice, _ start: some LineParser) -> Counts {
    var parser = start
    var event = Event()
    var counts = Counts()
    var position = 0
    while position < text.count {
      let end = ByteSearch.firstIndex(of: ASCII.newline, in: text, from: position) ?? text.count
      counts.lines &+= 1
      switch parser.parse(text.slice(from: position, to: end), into: &event) {
      case .event: counts.events &+= 1
      case .ignored: counts.ignored &+= 1
      case .rejected: counts.rejected &+= 1
      }
      position = end &+ 1
    }
    return counts
  }
}
