// The codecs of a block of values. docs/formats/segment.md has their bytes.

/// How a block of values is laid out. Raw values are on disk: append, never renumber.
package enum Encoding: UInt8, CaseIterable, Sendable {
  /// Every value in the narrowest of 1, 2, 4 or 8 bytes.
  case plain = 0
  /// One value for all rows; no payload.
  case constant = 1
  /// `(value - minimum) / scale`, in as few bits as the largest takes.
  case bitPacked = 2
  /// Pairs of a value and how often it repeats.
  case runLength = 3
  /// The sorted distinct values, and per row the index of its value among them.
  case dictionary = 4
  /// Differences between neighbours, less the smallest difference, divided by their scale.
  case delta = 5
  /// The same, every 128 of them in as few bits as the largest of these takes.
  case groupedDelta = 6
}
