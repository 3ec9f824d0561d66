// Every limit of the input side, with its reason.

package enum Limits {
  /// A longer log line is skipped and counted. Servers limit the request head to 8-32 KiB, and escaping can
  /// quadruple it.
  package static let lineByteCountMax = 65_536
  /// Longer field values are rejected: identifiers, addresses and user agents stay far below.
  package static let fieldByteCountMax = 8192
  /// Every request tries the routes that share its first letter, one after the other.
  package static let routeCountMax = 256
  /// Far more than so many routes need; the file is read whole.
  package static let routesByteCountMax = 1 << 20
}
