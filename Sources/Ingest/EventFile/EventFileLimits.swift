// The limits of event files and attribute files, with their reasons.

extension Limits {
  /// A longer CSV or TSV record is rejected: as long as the longest line of a log.
  package static let recordByteCountMax = lineByteCountMax
  /// More columns are an error for the file: the widest exports known have a few dozen.
  package static let columnCountMax = 256
  /// A longer attribute name is an error for the file: it has to be typed in queries.
  package static let attributeNameByteCountMax = 64
  /// How much of a file's beginning decides what kind of file it is.
  package static let detectionByteCountMax = 65_536
}
