// Tables and figures as people see them.

import Bench
import Testing

@Suite struct TableTests {
  @Test("names stand left, figures right, remarks left, and no line ends with a blank")
  func alignment() {
    var table = Table(["name", "ms", "remark"], hasRemarks: true)
    table.append(["a", "1.5", "good"])
    table.append(["longer", "100", ""])
    #expect(
      table.text == """
        name     ms  remark
        ──────  ───  ──────
        a       1.5  good
        longer  100

        """)
  }

  @Test("a column without any cell is left out")
  func emptyColumns() {
    var table = Table(["name", "nothing", "n"])
    table.append(["a", "", "1"])
    #expect(table.text == "name  n\n────  ─\na     1\n")
  }

  @Test(
    "times have three digits and the largest unit that fits",
    arguments: [
      (0, "0.00 ns"), (1, "1.00 ns"), (999.6, "1.00 µs"), (12_340, "12.3 µs"), (9.994, "9.99 ns"),
      (123_456_789, "123 ms"), (1_500_000_000, "1.50 s"), (90e9, "90.0 s"), (-1500, "-1.50 µs"),
    ] as [(Double, String)])
  func times(_ nanoseconds: Double, _ expected: String) {
    #expect(QuantityText.time(nanoseconds) == expected)
  }

  @Test(
    "figures of axes have no zeros at their end",
    arguments: [
      ("50.0 s", "50 s"), ("1.50 ms", "1.5 ms"), ("100 MB", "100 MB"), ("1.00 M", "1 M"),
      ("0", "0"),
    ])
  func short(_ text: String, _ expected: String) {
    #expect(QuantityText.short(text) == expected)
  }

  @Test("counts and bytes are written likewise")
  func counts() {
    #expect(QuantityText.count(1_520_000) == "1.52 M")
    #expect(QuantityText.count(17) == "17.0")
    #expect(QuantityText.bytes(9.5e9) == "9.50 GB")
    #expect(QuantityText.value(6.5, .bytesPerEvent) == "6.50 B")
  }

  @Test("a report has a table per suite, with rates and the ratio to the floor")
  func report() {
    var report = Report(machine: "m", date: "d", lineCount: 1, repetitionCount: 1)
    var floor = Measurement("parse/floor", repetitions: [1e6])
    floor.work = Work(1000, "lines", byteCount: 200_000)
    var parse = Measurement("parse/combined", repetitions: [2e6, 3e6, 4e6])
    parse.work = floor.work
    parse.floor = "parse/floor"
    parse.notes = ["allocations": [7, 7, 7]]
    report.measurements = [floor, parse, Measurement("open/directory", repetitions: [5e6])]
    let lines = ReportText(report).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("parse"))
    #expect(lines[3].hasPrefix("combined"))
    #expect(lines[3].contains("2.00 ms  3.00 ms"))
    #expect(lines[3].contains("333 k lines/s"))
    #expect(lines[3].contains("66.7 MB/s     3.00  allocations 7.00"))
    #expect(lines[5].hasPrefix("open"))
    #expect(lines[7].hasPrefix("directory"))
  }
}
