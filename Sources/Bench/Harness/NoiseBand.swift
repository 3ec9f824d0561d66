// How far two medians of the same thing lie apart by chance. Repetitions of one run are split into two halves in every
// possible way: each split is a comparison of a thing with itself. The ratio that 95 of 100 splits stay within is
// the band. Halves scatter more than the whole, so the band is rather too wide than too narrow.

internal import Base
internal import Foundation

package enum NoiseBand {
  /// Below this nothing is believed: other processes, the clock of the processor, where memory happened to lie.
  package static let leastRatio = 1.03
  /// Up to so many repetitions all splits are looked at; of more, a seeded choice.
  package static let exhaustiveCountMax = 12
  private static let drawCount = 1000
  private static let share = 0.95

  /// The ratio, at least 1, that medians of equal things stay within.
  package static func ratio(of repetitions: [Double]) -> Double {
    guard repetitions.count >= 2, repetitions.allSatisfy({ $0 > 0 }) else { return leastRatio }
    let ratios = splits(of: repetitions.count).map { half in
      let (left, right) = divided(repetitions, by: half)
      return exp(abs(log(Statistics.median(left) / Statistics.median(right))))
    }
    return max(leastRatio, Statistics.percentile(ratios, share))
  }

  private static func divided(_ values: [Double], by half: Set<Int>) -> ([Double], [Double]) {
    var (left, right): ([Double], [Double]) = ([], [])
    for (index, value) in values.enumerated() {
      if half.contains(index) { left.append(value) } else { right.append(value) }
    }
    return (left, right)
  }

  /// Sets of half of the indices below `count`.
  private static func splits(of count: Int) -> [Set<Int>] {
    if count <= exhaustiveCountMax {
      return (0..<1 << count).filter { $0.nonzeroBitCount == count / 2 }.map { mask in
        Set((0..<count).filter { mask >> $0 & 1 == 1 })
      }
    }
    var random = PRNG(seed: UInt64(count))
    return (0..<drawCount).map { _ in
      Set((0..<count).shuffled(using: &random).prefix(count / 2))
    }
  }
}
