// Values as the codecs were made for: seeded, the same in every run.

internal import Base
internal import Columnar

enum CodecSample {
  /// `count` values that `encoding` can represent in every block.
  static func values(for encoding: Encoding, count: Int) -> [UInt64] {
    var random = PRNG(seed: UInt64(encoding.rawValue) + 1)
    switch encoding {
    case .plain: return (0..<count).map { _ in random.next() }
    case .constant: return [UInt64](repeating: 42, count: count)
    case .bitPacked: return (0..<count).map { _ in UInt64(random.below(1 << 20)) }
    case .runLength: return runs(count, &random)
    case .dictionary:
      let entries = (0..<100).map { _ in random.next() }
      return (0..<count).map { _ in random.pick(entries) }
    case .delta: return times(count, longestPause: 0, &random)
    case .groupedDelta: return times(count, longestPause: 3_600_000, &random)
    }
  }

  /// Runs of 40 values on average.
  private static func runs(_ count: Int, _ random: inout PRNG) -> [UInt64] {
    var values: [UInt64] = []
    while values.count < count {
      let run = min(1 + random.below(79), count - values.count)
      values += repeatElement(UInt64(random.below(1000)), count: run)
    }
    return values
  }

  /// Ascending times, half a second apart on average, with a pause of up to so many milliseconds before every
  /// thousandth.
  private static func times(
    _ count: Int, longestPause: Int, _ random: inout PRNG
  ) -> [UInt64] {
    var time: UInt64 = 1_772_000_000_000
    return (0..<count).map { index in
      time += UInt64(random.below(1000))
      if index % 1000 == 999 { time += UInt64(random.below(longestPause + 1)) }
      return time
    }
  }
}
