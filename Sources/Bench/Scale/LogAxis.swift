// An axis on which equal distances are equal ratios.

internal import Foundation

package struct LogAxis: Sendable {
  /// Of the data; widened to whole steps of 1, 2 and 5.
  package let range: ClosedRange<Double>
  /// Where the range lies on the drawing.
  private let start: Double
  private let end: Double

  /// - Parameters:
  ///   - values: positive; what is not is left out.
  ///   - start: where the smallest value lies.
  package init(_ values: [Double], from start: Double, to end: Double) {
    let positive = values.filter { $0 > 0 }
    let (least, most) = (positive.min() ?? 1, positive.max() ?? 10)
    let low = LogAxis.steps(around: least).last { $0 <= least * 1.0001 } ?? least
    let high = LogAxis.steps(around: most).first { $0 >= most * 0.9999 } ?? most
    range = low...max(high, low * 2)
    self.start = start
    self.end = end
  }

  /// Where a value lies.
  package func place(_ value: Double) -> Double {
    let share = log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    return start + share * (end - start)
  }

  /// Values to name: 1, 2 and 5 of every power of ten, or only the powers where there are many.
  package var ticks: [Double] {
    let powers =
      Int(
        log10(range.lowerBound).rounded(.down))...Int(
        log10(range.upperBound).rounded(.up))
    let leading = powers.count > 4 ? [1.0] : [1, 2, 5]
    return powers.flatMap { power in leading.map { $0 * pow(10, Double(power)) } }
      .filter { range.lowerBound * 0.999 <= $0 && $0 <= range.upperBound * 1.001 }
  }

  private static func steps(around value: Double) -> [Double] {
    let power = Int(log10(value).rounded(.down))
    return (power - 1...power + 1).flatMap { power in
      [1.0, 2, 5].map { $0 * pow(10, Double(power)) }
    }
  }
}
