// A report as tables, one per suite.

package struct ReportText {
  private let report: Report

  package init(_ report: Report) { self.report = report }

  package var text: String {
    var suites: [String] = []
    for measurement in report.measurements where !suites.contains(measurement.suite) {
      suites.append(measurement.suite)
    }
    return suites.map(table).joined(separator: "\n")
  }

  private func table(of suite: String) -> String {
    var table = Table(
      [suite, "min", "median", "rate", "bytes/s", "x floor", "beside"], hasRemarks: true)
    for measurement in report.measurements where measurement.suite == suite {
      table.append([
        String(measurement.name.dropFirst(suite.count + 1)),
        QuantityText.value(measurement.minimum, measurement.unit),
        QuantityText.value(measurement.median, measurement.unit),
        rate(measurement), byteRate(measurement), floorRatio(measurement), notes(measurement),
      ])
    }
    return table.text
  }

  private func rate(_ measurement: Measurement) -> String {
    guard let work = measurement.work, work.count > 0, measurement.median > 0 else { return "" }
    return "\(QuantityText.count(work.count / measurement.median * 1e9)) \(work.noun)/s"
  }

  private func byteRate(_ measurement: Measurement) -> String {
    guard let work = measurement.work, work.byteCount > 0, measurement.median > 0 else {
      return ""
    }
    return "\(QuantityText.bytes(work.byteCount / measurement.median * 1e9))/s"
  }

  private func floorRatio(_ measurement: Measurement) -> String {
    guard let floor = measurement.floor.flatMap({ report[$0] }), floor.median > 0 else {
      return ""
    }
    return QuantityText.plain(measurement.median / floor.median)
  }

  private func notes(_ measurement: Measurement) -> String {
    measurement.notes.sorted { $0.key < $1.key }
      .map { "\($0.key) \(QuantityText.plain(Statistics.median($0.value)))" }
      .joined(separator: ", ")
  }
}
