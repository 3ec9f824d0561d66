// How many bits a value of a column takes at least, if all that is known is how often each value occurs: the empirical
// entropy of order 0. Where neighbours depend on each other, the differences between them say less; the smaller of the
// two is the bound that column codecs, which know no more either, are held against.

internal import Base
internal import Columnar
internal import Foundation

package enum Entropy {
  /// Bits per value; 0 of none.
  package static func bits(_ values: [UInt64]) -> Double {
    let sorted = values.sorted()
    let total = Double(sorted.count)
    var (bits, start) = (0.0, 0)
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
      let share = Double(end - start) / total
      bits -= share * log2(share)
      start = end
    }
    return max(0, bits)
  }

  /// Bits per value of a column of a shard's segments, or of differences of neighbours if that is less.
  static func bits(of column: EventColumn, in segments: [Segment]) -> Double {
    var (values, differences): ([UInt64], [UInt64]) = ([], [])
    for segment in segments {
      let decoded = segment[column].decoded()
      values += decoded
      differences += zip(decoded, [0] + decoded.dropLast()).map { $0 &- $1 }
    }
    if values.allSatisfy({ $0 == values[0] }) { return 0 }
    return min(bits(values), bits(differences))
  }

  /// Bytes per event of a column over all shards.
  static func bytesPerEvent(_ column: EventColumn, _ snapshot: Snapshot) -> Double {
    var (bits, count) = (0.0, 0)
    for shard in snapshot.shards {
      let rowCount = shard.segments.reduce(0) { $0 + $1.rowCount }
      bits += Entropy.bits(of: column, in: shard.segments) * Double(rowCount)
      count += rowCount
    }
    return bits / 8 / Double(max(count, 1))
  }
}
