// Two reports side by side: how the medians changed, and whether that is more than noise.

package struct Comparison {
  package struct Row: Equatable, Sendable {
    package let name: String
    /// The median after by the median before: below 1 is less time or less memory.
    package let ratio: Double
    /// The ratio that chance explains, at least 1, either way.
    package let band: Double

    package var verdict: Verdict {
      ratio > band ? .worse : ratio * band < 1 ? .better : .same
    }
  }

  package enum Verdict: String, Sendable {
    case same = ""
    case better
    case worse
  }

  package let rows: [Row]
  /// What only one of the reports has.
  package let unmatched: [String]

  /// - Parameter again: a second run of what `before` measured. Then the band is at least what lies between those two,
  ///   for processes differ by more than rounds of one do.
  package init(before: Report, after: Report, again: Report? = nil) {
    rows = after.measurements.compactMap { measurement in
      guard let old = before[measurement.name], old.median > 0, measurement.median > 0 else {
        return nil
      }
      return Row(
        name: measurement.name, ratio: measurement.median / old.median,
        band: Comparison.band(old, measurement, again: again?[measurement.name]))
    }
    let names = (before.measurements + after.measurements).map(\.name)
    let matched = Set(rows.map(\.name))
    unmatched = Set(names).subtracting(matched).sorted()
  }

  private static func band(
    _ before: Measurement, _ after: Measurement, again: Measurement?
  ) -> Double {
    var band = max(NoiseBand.ratio(of: before.repetitions), NoiseBand.ratio(of: after.repetitions))
    if let again, again.median > 0 {
      let drift = again.median / before.median
      band = max(band, drift, 1 / drift)
    }
    return band
  }

  package var text: String {
    var table = Table(["benchmark", "after/before", "noise", "verdict"], hasRemarks: true)
    for row in rows {
      table.append([
        row.name, QuantityText.plain(row.ratio), "± \(QuantityText.plain((row.band - 1) * 100)) %",
        row.verdict.rawValue,
      ])
    }
    let changed = rows.filter { $0.verdict != .same }.count
    let missing = unmatched.map { "only in one of the two: \($0)\n" }.joined()
    return "\(table.text)\(missing)\(changed) of \(rows.count) outside the noise\n"
  }
}
