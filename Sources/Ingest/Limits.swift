// Every limit of the input side, with its reason.

package enum Limits {
  /// A longer log line is skipped and counted. Servers limit the request head to 8-32 KiB, and escaping can
  /// quadruple it.
  package static let lineByteCountMax = 65_536
  /// Longer field values are rejected: identifiers, addresses and user agents stay far below.
  package static let fieldByteCountMax = 8192
}
