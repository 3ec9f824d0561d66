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
  /// Where each ran, if they did not run on one machine.
  package let machines: [String]

  /// - Parameter again: a second run of what `before` measured. Then the band is at least what lies between those two,
  ///   for processes differ by more than rounds of one do.
  /// - Throws: when they did not measure as many lines.
  package init(before: Report, after: Report, again: Report? = nil) throws(BenchFailure) {
    for report in [after, again].compactMap({ $0 }) where report.lineCount != before.lineCount {
      throw BenchFailure(
        "not to be compared: a run of \(before.lineCount) log lines and one of \(report.lineCount)")
    }
    rows = after.measurements.compactMap { measurement in
      guard let old = before[measurement.name] else { return nil }
      return Row(
        name: measurement.name, ratio: Comparison.ratio(measurement.median, to: old.median),
        band: Comparison.band(old, measurement, again: again?[measurement.name]))
    }
    let (old, new) = (before.measurements.map(\.name), after.measurements.map(\.name))
    unmatched = Set(old).symmetricDifference(new).sorted()
    machines = before.machine == after.machine ? [] : [before.machine, after.machine]
  }

  /// Nothing is as much as nothing.
  private static func ratio(_ after: Double, to before: Double) -> Double {
    after == before ? 1 : after / before
  }

  private static func band(
    _ before: Measurement, _ after: Measurement, again: Measurement?
  ) -> Double {
    var band = max(NoiseBand.ratio(of: before.repetitions), NoiseBand.ratio(of: after.repetitions))
    if let again, again.median > 0, before.median > 0 {
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
    let places = zip(["before: ", "after:  "], machines).map { "\($0)\($1)\n" }.joined()
    return "\(places)\(table.text)\(missing)\(changed) of \(rows.count) outside the noise\n"
  }
}
