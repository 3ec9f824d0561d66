// What became of the lines of one or many files.

package import Base

package struct LineTally: Sendable {
  /// Lines or records read, of whatever outcome.
  package var lineCount = 0
  /// Events found, by EventKind's raw value.
  package private(set) var events = [Int](repeating: 0, count: 16)
  /// By IgnoreReason's raw value.
  package private(set) var ignored = [Int](repeating: 0, count: IgnoreReason.allCases.count)
  /// By RejectReason's raw value.
  package private(set) var rejected = [Int](repeating: 0, count: RejectReason.allCases.count)
  /// The first rejected lines of each reason.
  package private(set) var samples: [RejectSample] = []
  /// Rows of attribute files that were taken.
  package var attributeRowCount = 0
  package var shards = ShardCounts()

  private static let samplesPerReason = 3
  private static let sampleByteCount = 160

  package init() {}

  package var eventCount: Int { events.reduce(0, +) }
  package var ignoredCount: Int { ignored.reduce(0, +) }
  package var rejectedCount: Int { rejected.reduce(0, +) }

  package mutating func countEvent(_ kind: EventKind) { events[Int(kind.rawValue)] += 1 }

  package mutating func countIgnored(_ reason: IgnoreReason) { ignored[Int(reason.rawValue)] += 1 }

  /// Counts a rejected line and keeps the beginning of the first few.
  package mutating func countRejected(_ reason: RejectReason, _ line: ByteSlice, file: String) {
    rejected[Int(reason.rawValue)] += 1
    guard rejected[Int(reason.rawValue)] <= LineTally.samplesPerReason else { return }
    let text = line.slice(from: 0, to: min(line.count, LineTally.sampleByteCount)).text
    samples.append(RejectSample(reason: reason, file: file, text: text))
  }

  /// Adds another tally to this one.
  package mutating func add(_ other: LineTally) {
    lineCount += other.lineCount
    attributeRowCount += other.attributeRowCount
    shards += other.shards
    for index in events.indices { events[index] += other.events[index] }
    for index in ignored.indices { ignored[index] += other.ignored[index] }
    for index in rejected.indices { rejected[index] += other.rejected[index] }
    for sample in other.samples
    where samples.count(where: { $0.reason == sample.reason }) < LineTally.samplesPerReason {
      samples.append(sample)
    }
  }
}

/// Whether anything in a file could be understood.
struct LineFate: Sendable {
  /// Without blank lines and comments.
  var lineCount = 0
  var rejectedCount = 0

  /// Whether there was something, and all of it was rejected.
  var isRejected: Bool { lineCount > 0 && rejectedCount == lineCount }

  static func - (left: LineFate, right: LineFate) -> LineFate {
    LineFate(
      lineCount: left.lineCount - right.lineCount,
      rejectedCount: left.rejectedCount - right.rejectedCount)
  }

  static func += (left: inout LineFate, right: LineFate) {
    left.lineCount += right.lineCount
    left.rejectedCount += right.rejectedCount
  }
}

extension LineTally {
  var fate: LineFate {
    LineFate(
      lineCount: lineCount - ignored[Int(IgnoreReason.comment.rawValue)],
      rejectedCount: rejectedCount)
  }
}

/// The beginning of a line that could not be read.
package struct RejectSample: Sendable {
  package var reason: RejectReason
  package var file: String
  package var text: String
}
