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
  func verdicts() throws {
    let before = report([
      "a/fast": [100, 101, 102, 101, 100], "a/slow": [100, 101, 102, 101, 100],
      "a/same": [100, 101, 102, 101, 100],
    ])
    let after = report([
      "a/fast": [50, 51, 50, 51, 50], "a/slow": [150, 151, 150, 151, 150],
      "a/same": [102, 101, 102, 101, 102],
    ])
    let comparison = try Comparison(before: before, after: after)
    let verdicts = comparison.rows.map { "\($0.name) \($0.verdict)" }
    #expect(verdicts == ["a/fast better", "a/same same", "a/slow worse"])
    #expect(comparison.text.hasSuffix("2 of 3 outside the noise\n"))
  }

  @Test("a change within what either run scatters is none")
  func scatter() throws {
    let before = report(["a/x": [100, 100, 100, 100, 100]])
    let after = report(["a/x": [110, 130, 90, 150, 100]])
    #expect(try Comparison(before: before, after: after).rows[0].verdict == .same)
  }

  @Test("a second run of the same program widens the band")
  func again() throws {
    let before = report(["a/x": [100, 100, 100, 100, 100]])
    let after = report(["a/x": [115, 115, 115, 115, 115]])
    #expect(try Comparison(before: before, after: after).rows[0].verdict == .worse)
    for drift in [120.0, 80] {
      let again = report(["a/x": [drift, drift, drift, drift, drift]])
      let row = try Comparison(before: before, after: after, again: again).rows[0]
      #expect(row.verdict == .same)
    }
  }

  @Test("what only one run has is named and not compared")
  func unmatched() throws {
    let comparison = try Comparison(
      before: report(["a/x": [1, 1], "a/old": [1]]), after: report(["a/x": [1, 1], "a/new": [1]]))
    #expect(comparison.rows.map(\.name) == ["a/x"])
    #expect(comparison.unmatched == ["a/new", "a/old"])
  }

  @Test("nothing before and after is the same, and what was nothing before can be worse")
  func nothing() throws {
    let before = report(["a/x": [0, 0], "a/y": [0, 0], "a/z": [1, 1]])
    let after = report(["a/x": [0, 0], "a/y": [1, 1], "a/z": [0, 0]])
    let comparison = try Comparison(before: before, after: after, again: before)
    #expect(comparison.rows.map(\.verdict) == [.same, .worse, .better])
    #expect(comparison.unmatched.isEmpty)
  }

  @Test("runs of different numbers of lines are not compared, other machines are named")
  func comparability() throws {
    let before = report(["a/x": [1]])
    var after = before
    after.machine = "another"
    let text = try Comparison(before: before, after: after).text
    #expect(text.hasPrefix("before: m\nafter:  another\n"))
    #expect(try Comparison(before: before, after: before).text.hasPrefix("benchmark"))
    after.lineCount = 2
    #expect(throws: BenchFailure.self) { try Comparison(before: before, after: after) }
    #expect(throws: BenchFailure.self) {
      try Comparison(before: before, after: before, again: after)
    }
  }

  @Test("a file that cannot be read or written is named")
  func wrongFiles() throws {
    let folder = TemporaryFolder()
    let path = folder.file("report.json")
    #expect(throws: BenchFailure("cannot read \(path): No such file or directory")) {
      try Report.read(path)
    }
    folder.write("report.json", "{}")
    #expect(throws: BenchFailure("\(path) is no report of beacon-bench")) {
      try Report.read(path)
    }
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
