// Every limit of the storage side, with its reason.

package enum Limits {
  /// Values per block: one codec decision, one zone map, one decode into a scratch that stays in L1 (32 KiB of
  /// 64-bit values).
  package static let blockRowCount = 4096
  /// Rows per sealed segment: large enough that per-segment costs vanish, small enough that one segment's
  /// decoded column (1 MiB of 32-bit values) stays in L2.
  package static let segmentRowCountMax = 262_144
}
