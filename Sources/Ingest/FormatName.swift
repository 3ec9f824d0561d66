// The names of input formats, the same on the command line and in the line protocol.

package enum FormatName {
  /// All names, with commas between them.
  package static let list =
    (AccessLogFormat.allCases.map { "\($0.name)" } + ["events_ndjson", "events_csv", "events_tsv"])
    .joined(separator: ", ")

  /// The kind of input that a name stands for; nil for names that are none, `auto` included.
  package static func kind(_ name: String) -> FileKind? {
    switch name {
    case "events_ndjson": .events(.ndjson)
    case "events_csv": .events(.csv)
    case "events_tsv": .events(.tsv)
    default:
      AccessLogFormat.allCases.first { "\($0.name)" == name }.map { .accessLog($0) }
    }
  }
}
