// The account of a load: what came in, what did not and why.

internal import Base
internal import Engine
internal import Ingest

struct IngestSummary {
  let report: LoadReport
  let duration: Duration
  let inventory: Inventory
  /// Paths that were named themselves; an unknown file among them is a failure, one found in a folder is not.
  let explicitPaths: Set<String>

  private static let listedFileMax = 10

  /// Whether something that was asked for could not be loaded.
  var hasFailures: Bool { !failures.isEmpty }

  private var failures: [(name: String, reason: String)] {
    zip(report.files, report.outcomes).compactMap { file, outcome in
      switch outcome {
      case .failed(let reason): (file.name, reason)
      case .unrecognised where explicitPaths.contains(file.path):
        (file.name, "is no log, event file or attribute file that Beacon knows")
      default: nil
      }
    }
  }

  var text: String {
    let tally = report.tally
    var lines = [fileLine, lineLine, "  events    \(tally.shards.added) new" + kinds]
    if tally.shards.repeated > 0 {
      lines.append("  repeats   \(tally.shards.repeated) events whose id was there already")
    }
    if tally.shards.refused > 0 {
      lines.append("  refused   \(tally.shards.refused) events: a shard is full")
    }
    if tally.attributeRowCount > 0 { lines.append("  attributes \(tally.attributeRowCount) rows") }
    if tally.ignoredCount > 0 { lines.append("  ignored   \(tally.ignoredCount)" + ignoredReasons) }
    if tally.rejectedCount > 0 { lines += rejections }
    lines += notes
    lines.append(holdings)
    return lines.joined(separator: "\n")
  }

  private var fileLine: String {
    let loaded = report.outcomes.count { if case .loaded = $0 { true } else { false } }
    let seconds = Int(duration.seconds * 100)
    let rounded = "\(seconds / 100).\(seconds % 100 < 10 ? "0" : "")\(seconds % 100)"
    return "loaded \(loaded) of \(report.files.count) files in \(rounded) s"
  }

  private var lineLine: String {
    let content = report.outcomes.reduce(Int64(0)) { sum, outcome in
      if case .loaded(_, let byteCount) = outcome { sum + byteCount } else { sum }
    }
    let seconds = max(duration.seconds, 1e-9)
    let lineRate = Int(Double(report.tally.lineCount) / seconds)
    let byteRate = Int(Double(content) / seconds / 1e6)
    return "  lines     \(report.tally.lineCount) (\(content / 1_000_000) MB), "
      + "\(lineRate) lines/s, \(byteRate) MB/s"
  }

  private var kinds: String {
    let parts = EventKind.allCases.compactMap { kind -> String? in
      let count = report.tally.events[Int(kind.rawValue)]
      return count > 0 ? "\(kind.name) \(count)" : nil
    }
    return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
  }

  private var ignoredReasons: String {
    let parts = IgnoreReason.allCases.compactMap { reason -> String? in
      let count = report.tally.ignored[Int(reason.rawValue)]
      return count > 0 ? "\(reason.text) \(count)" : nil
    }
    return ": " + parts.joined(separator: ", ")
  }

  private var rejections: [String] {
    let parts = RejectReason.allCases.compactMap { reason -> String? in
      let count = report.tally.rejected[Int(reason.rawValue)]
      return count > 0 ? "\(reason.text) \(count)" : nil
    }
    let samples = report.tally.samples.map { sample in
      "    \(sample.reason.text), \(sample.file): \(IngestSummary.printable(sample.text))"
    }
    let head = "  rejected  \(report.tally.rejectedCount): " + parts.joined(separator: ", ")
    return [head] + samples.prefix(IngestSummary.listedFileMax)
  }

  /// What to say about files that were not loaded.
  private var notes: [String] {
    var repeated: [String] = []
    var others: [String] = []
    for (file, outcome) in zip(report.files, report.outcomes) {
      switch outcome {
      case .loaded: break
      case .repeated(let first): repeated.append("\(file.name) (as \(first))")
      case .empty: others.append("  empty     \(file.name)")
      case .unrecognised where !explicitPaths.contains(file.path):
        others.append("  skipped   \(file.name): not data")
      case .unrecognised, .failed: break
      }
    }
    others += failures.map { "  FAILED    \($0.name): \($0.reason); nothing of it was loaded" }
    guard !repeated.isEmpty else { return others }
    let listed = repeated.prefix(3).joined(separator: ", ")
    let rest = repeated.count > 3 ? ", ..." : ""
    return ["  unchanged \(repeated.count) files were loaded before: \(listed)\(rest)"] + others
  }

  private var holdings: String {
    let events = max(inventory.eventCount, 1)
    let tenths = (inventory.byteCount - inventory.addressByteCount) * 10 / events
    return "  now       \(inventory.eventCount) events of \(inventory.messageCount) messages to "
      + "\(inventory.recipientCount) recipients, \(tenths / 10).\(tenths % 10) bytes per event "
      + "in memory (without ip)"
  }

  /// Text for a terminal: control bytes are shown, not obeyed.
  private static func printable(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar in
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? "\u{FFFD}" : Character(scalar)
      })
  }
}

extension IgnoreReason {
  fileprivate var text: String {
    switch self {
    case .noRoute: "no tracking path"
    case .status: "status does not count"
    case .method: "method does not count"
    case .comment: "comments and blank lines"
    }
  }
}

extension RejectReason {
  fileprivate var text: String {
    switch self {
    case .malformed: "malformed"
    case .time: "not a time"
    case .tooLong: "line too long"
    case .missingKey: "campaign, recipient or link missing"
    case .fieldTooLong: "field too long"
    case .escape: "broken escape"
    case .kind: "unknown kind"
    case .number: "not a number"
    case .tooManyValues: "too many distinct values"
    }
  }
}
