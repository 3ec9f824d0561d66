// The account of a load: what came in, what did not and why.

internal import Base
internal import Engine
internal import Ingest
internal import Query

struct IngestSummary {
  let report: LoadReport
  let duration: Duration
  let holdings: Holdings
  /// Paths that were named themselves; an unknown file among them is a failure, one found in a folder is not.
  let explicitPaths: Set<String>
  /// The format that all files were said to have; nil when each tells its own.
  let forcedFormat: String?

  /// Whether something that was asked for could not be loaded.
  var hasFailures: Bool { !failures.isEmpty }

  private var failures: [(name: String, reason: String)] {
    zip(report.files, report.outcomes).compactMap { file, outcome in
      switch outcome {
      case .failed(let reason): (file.name, reason)
      case .unrecognised where explicitPaths.contains(file.path):
        (file.name, strangeness)
      default: nil
      }
    }
  }

  /// What is wrong with a file that is not recognised.
  private var strangeness: String {
    guard let forcedFormat else {
      return "is no log, event file or attribute file that Beacon knows"
    }
    return "has no line in the format '\(forcedFormat)' that --format names"
  }

  var text: String {
    let tally = report.tally
    var lines = tally.lineCount > 0 ? [fileLine, lineLine] : [fileLine]
    lines += IngestSummary.item("events", "\(tally.shards.added.grouped) new")
    lines += IngestSummary.list("", kinds)
    if tally.shards.repeated > 0 {
      lines += IngestSummary.item(
        "repeats", "\(tally.shards.repeated.grouped) events whose id was there already")
    }
    if tally.shards.refused > 0 {
      lines += IngestSummary.item(
        "refused", "\(tally.shards.refused.grouped) events: a shard is full")
    }
    if tally.attributeRowCount > 0 {
      lines += IngestSummary.item("attributes", "\(tally.attributeRowCount.grouped) rows")
    }
    if tally.ignoredCount > 0 {
      lines += IngestSummary.list("ignored", ignoredReasons, total: tally.ignoredCount)
    }
    if tally.rejectedCount > 0 { lines += rejections }
    lines += notes
    lines += holdingLines
    // Names of files and lines of them may hold anything.
    return lines.map { DisplayText.escape($0) }.joined(separator: "\n")
  }

  /// What texts begin at, behind the word that says what they are about.
  private static let indent = 13
  /// The account fits the narrowest terminal that is usual.
  private static let columnMax = 80

  private static func item(_ word: String, _ text: String) -> [String] {
    let head = "  " + word
    return [head + String(repeating: " ", count: max(1, indent - head.count)) + text]
  }

  /// `word`, its total and its parts, over as many lines as they need.
  private static func list(_ word: String, _ parts: [String], total: Int? = nil) -> [String] {
    var rows: [String] = []
    var row = total.map { "\($0.grouped):" } ?? ""
    for (index, part) in parts.enumerated() {
      let text = index == parts.count - 1 ? part : part + ","
      if !row.isEmpty, indent + row.count + 1 + text.count > columnMax {
        rows.append(row)
        row = ""
      }
      row += row.isEmpty ? text : " " + text
    }
    if !row.isEmpty { rows.append(row) }
    return rows.enumerated().flatMap { item($0.offset == 0 ? word : "", $0.element) }
  }

  private var fileLine: String {
    let loaded = report.outcomes.count { if case .loaded = $0 { true } else { false } }
    let seconds = Int(duration.seconds * 100)
    let rounded = "\(seconds / 100).\(seconds % 100 < 10 ? "0" : "")\(seconds % 100)"
    return "loaded \(loaded.grouped) of \(report.files.count.grouped) files in \(rounded) s"
  }

  private var lineLine: String {
    let content = report.outcomes.reduce(Int64(0)) { sum, outcome in
      if case .loaded(_, let byteCount) = outcome { sum + byteCount } else { sum }
    }
    let seconds = max(duration.seconds, 1e-9)
    let lineRate = Int(Double(report.tally.lineCount) / seconds)
    let byteRate = Int(Double(content) / seconds)
    let text =
      "\(report.tally.lineCount.grouped) (\(content.byteCountText)), "
      + "\(lineRate.grouped) lines/s, \(byteRate.byteCountText)/s"
    return IngestSummary.item("lines", text).joined()
  }

  private var kinds: [String] {
    EventKind.allCases.compactMap { kind in
      let count = report.tally.events[Int(kind.rawValue)]
      return count > 0 ? "\(kind.name) \(count.grouped)" : nil
    }
  }

  private var ignoredReasons: [String] {
    IgnoreReason.allCases.compactMap { reason in
      let count = report.tally.ignored[Int(reason.rawValue)]
      return count > 0 ? "\(reason.text) \(count.grouped)" : nil
    }
  }

  /// The counts by reason, and one line of each for people to look at.
  private var rejections: [String] {
    let reasons = RejectReason.allCases.filter { report.tally.rejected[Int($0.rawValue)] > 0 }
    let counts = reasons.map { "\($0.text) \(report.tally.rejected[Int($0.rawValue)].grouped)" }
    var lines = IngestSummary.list("rejected", counts, total: report.tally.rejectedCount)
    for reason in reasons {
      guard let sample = report.tally.samples.first(where: { $0.reason == reason }) else {
        continue
      }
      // Of a line that is too long nothing is kept.
      let text = DisplayText.escape(
        sample.text, limit: max(1, (Console.outputWidth ?? .max) - 6))
      lines.append("    \(reason.text), as in \(sample.file)" + (text.isEmpty ? "" : ":"))
      if !text.isEmpty { lines.append("      " + text) }
    }
    return lines
  }

  /// What to say about files that were not loaded.
  private var notes: [String] {
    var repeated: [String] = []
    var others: [String] = []
    for (file, outcome) in zip(report.files, report.outcomes) {
      switch outcome {
      case .loaded: break
      case .repeated(let first):
        repeated.append(file.name == first ? first : "\(file.name) (as \(first))")
      case .empty: others += IngestSummary.item("empty", file.name)
      case .unrecognised where !explicitPaths.contains(file.path):
        let reason = forcedFormat == nil ? "not data" : strangeness
        others += IngestSummary.item("skipped", "\(file.name): \(reason)")
      case .unrecognised, .failed: break
      }
    }
    for failure in failures {
      others += IngestSummary.item(
        "FAILED", "\(failure.name): \(failure.reason); nothing of it was loaded")
    }
    guard !repeated.isEmpty else { return others }
    var examples = repeated.prefix(3).flatMap { IngestSummary.item("", $0) }
    if repeated.count > 3 { examples += IngestSummary.item("", "...") }
    let noun = repeated.count == 1 ? "file was" : "files were"
    return IngestSummary.item(
      "unchanged", "\(repeated.count.grouped) \(noun) loaded before") + examples + others
  }

  private var holdingLines: [String] {
    let events = holdings.eventCount
    guard events > 0 else { return IngestSummary.item("now", "no events") }
    let bytes = Int(clamping: holdings.diskByteCount)
    let tenths = bytes * 10 / events
    let text =
      "\(events.grouped) events of \(holdings.messageCount.grouped) messages to "
      + "\(holdings.recipientCount.grouped) recipients,"
    let size =
      "\(bytes.byteCountText) on disk, \(tenths / 10).\(tenths % 10) bytes per event"
    return IngestSummary.item("now", text) + IngestSummary.item("", size)
  }
}

extension BinaryInteger {
  /// In groups of three digits: `2,434,234`.
  var grouped: String {
    let digits = Array(String(magnitude))
    var text = self < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}

extension BinaryInteger {
  /// Bytes for people, in the largest unit that they fill: `999 bytes`, `12 kB`, `1,234 MB`.
  var byteCountText: String {
    if self < 1000 { return "\(self) bytes" }
    return self < 1_000_000 ? "\(self / 1000) kB" : "\((self / 1_000_000).grouped) MB"
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
    case .missingKey: "no campaign/recipient/link"
    case .fieldTooLong: "field too long"
    case .escape: "broken escape"
    case .kind: "unknown kind"
    case .number: "not a number"
    case .tooManyValues: "too many distinct values"
    }
  }
}
