// The open rows of a shard as queries and files see them: small segments whose number stays logarithmic. Each time rows
// were added, they become a segment together with those before them that are no larger, once there are enough of those.

internal import Columnar

struct OpenSegments {
  /// In the order of their rows, mostly larger before smaller.
  private(set) var segments: [Segment]

  /// So many segments of similar size become one. More would cost queries, fewer would cost encoding.
  private static let similarCountMax = 4

  var rowCount: Int { segments.reduce(0) { $0 + $1.rowCount } }

  /// Takes the rows that are not in a segment yet.
  ///
  /// - Parameters:
  ///   - rows: all open rows, those that are in segments first.
  ///   - machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  mutating func update(_ rows: RowRun, machineMarks: [UInt8], forcing: Encoding?) {
    var count = rows.count - rowCount
    guard count > 0 else { return }
    var kept = segments.count
    while true {
      let similar = segments[..<kept].reversed().prefix {
        OpenSegments.size($0.rowCount) <= OpenSegments.size(count)
      }
      guard similar.count >= OpenSegments.similarCountMax - 1 else { break }
      kept -= similar.count
      count += similar.reduce(0) { $0 + $1.rowCount }
    }
    segments.removeSubrange(kept...)
    let merged = rows.suffix(from: rows.count - count)
    segments.append(merged.segment(machineMarks: machineMarks, forcing: forcing))
  }

  /// Sizes are similar up to a factor of four.
  private static func size(_ rowCount: Int) -> Int {
    (Int.bitWidth - rowCount.leadingZeroBitCount) / 2
  }
}
