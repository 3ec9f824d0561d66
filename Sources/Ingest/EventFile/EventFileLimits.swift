// The limits of event files and attribute files, with their reasons.

extension Limits {
  /// A longer CSV or TSV record is rejected: as long as the longest line of a log.
  package static let recordByteCountMax = lineByteCountMax
  /// More columns are an error for the file: the widest exports known have a few dozen.
  package static let columnCountMax = 256
  /// Attributes of recipients, of all files together; a row that states another is rejected. Each is a column in every
  /// shard, which reserves address space for all its recipients.
  package static let recipientAttributeCountMax = 512
  /// A longer attribute name is an error for the file: it has to be typed in queries.
  package static let attributeNameByteCountMax = 64
  /// How much of a file's beginning decides what kind of file it is.
  package static let detectionByteCountMax = 65_536
  /// How far lines that can be read are looked for behind ones that are too long: a tenth of a second of reading for a
  /// file that turns out to be no input, and more than a log's damage is long.
  package static let detectionReachByteCountMax = 256 << 20
}
