// Two reports side by side.

import Bench
import TestSupport
import Testing

@Suite struct ComparisonTests {
  private func report(_ figures: [String: [Double]]) -> Report {
    var report = Report(machine: "m", date: "d", lineCount: 1, repetitionCount: 5)
    report.measurements = figures.sorted { $0.key < $1.key }.map {
      Measurement($0.key, repetitions: $0.value)
    }
    return report
  }

  @Test("what changed by more than the noise is told, in its direction")
  func verdicts() {
    let before = report([
      "a/fast": [100, 101, 102, 101, 100], "a/slow": [100, 101, 102, 101, 100],
      "a/same": [100, 101, 102, 101, 100],
    ])
    let after = report([
      "a/fast": [50, 51, 50, 51, 50], "a/slow": [150, 151, 150, 151, 150],
      "a/same": [102, 101, 102, 101, 102],
    ])
    let comparison = Comparison(before: before, after: after)
    let verdicts = comparison.rows.map { "\($0.name) \($0.verdict)" }
    #expect(verdicts == ["a/fast better", "a/same same", "a/slow worse"])
    #expect(comparison.text.hasSuffix("2 of 3 outside the noise\n"))
  }

  @Test("a change within what either run scatters is none")
  func scatter() {
    let before = report(["a/x": [100, 100, 100, 100, 100]])
    let after = report(["a/x": [110, 130, 90, 150, 100]])
    #expect(Comparison(before: before, after: after).rows[0].verdict == .same)
  }

  @Test("a second run of the same program widens the band")
  func again() {
    let before = report(["a/x": [100, 100, 100, 100, 100]])
    let after = report(["a/x": [115, 115, 115, 115, 115]])
    #expect(Comparison(before: before, after: after).rows[0].verdict == .worse)
    for drift in [120.0, 80] {
      let again = report(["a/x": [drift, drift, drift, drift, drift]])
      let row = Comparison(before: before, after: after, again: again).rows[0]
      #expect(row.verdict == .same)
    }
  }

  @Test("what only one run has is named and not compared")
  func unmatched() {
    let comparison = Comparison(
      before: report(["a/x": [1, 1], "a/old": [1]]), after: report(["a/x": [1, 1], "a/new": [1]]))
    #expect(comparison.rows.map(\.name) == ["a/x"])
    #expect(comparison.unmatched == ["a/new", "a/old"])
  }

  @Test("a report that was written reads back the same")
  func files() throws {
    let folder = TemporaryFolder()
    var report = report(["a/x": [1.5, 2]])
    report.measurements[0].work = Work(3, "lines", byteCount: 4)
    report.measurements[0].notes = ["p99 ms": [1, 2]]
    report.measurements[0].floor = "a/floor"
    try report.write(to: folder.file("report.json"))
    #expect(try Report.read(folder.file("report.json")) == report)
  }
}
