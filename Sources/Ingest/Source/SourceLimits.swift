// The limits of reading inputs, with their reasons.

extension Limits {
  /// How much compressed input is held at a time: large enough that a system call costs nothing
  /// beside decompressing it, small enough to stay in the cache.
  package static let compressedByteCountMax = 262_144
  /// Below this much output no ratio is suspicious: a day of one repeated line is legitimate.
  package static let unsuspectedByteCountMax: Int64 = 64 << 20
  /// Beyond that, more output than this many times the input is taken for an attack: logs
  /// compress 10 to 100 times.
  package static let decompressionRatioMax: Int64 = 1000
  /// Folders nested deeper than this are an error: nobody rotates logs that deep.
  package static let folderDepthMax = 64
}
