// The drawing of a scale run.

import Bench
import Testing

@Suite struct ScalePlotTests {
  @Test("equal ratios are equal distances, and the range covers the data")
  func axis() {
    let axis = LogAxis([1_200_000, 18_000_000], from: 0, to: 100)
    #expect(axis.range == 1_000_000...20_000_000)
    #expect(abs(axis.place(1_000_000)) < 1e-9)
    #expect(abs(axis.place(20_000_000) - 100) < 1e-9)
    let first = axis.place(4_000_000) - axis.place(2_000_000)
    let second = axis.place(16_000_000) - axis.place(8_000_000)
    #expect(abs(first - second) < 1e-9)
    #expect(axis.ticks == [1e6, 2e6, 5e6, 1e7, 2e7])
  }

  @Test("one value, and values that are not positive, still make an axis")
  func thinAxis() {
    let axis = LogAxis([0, -3, 5], from: 0, to: 10)
    #expect(axis.range == 5...10)
    #expect(axis.place(5) == 0)
  }

  @Test("every series is drawn and named, and text is escaped")
  func document() {
    var report = ScaleReport(machine: "A & <B>", date: "today")
    for (lineCount, milliseconds) in [(1_000_000, 900.0), (5_000_000, 4600)] {
      for threadCount in [1, 2] {
        var point = ScalePoint(
          lineCount: lineCount, eventCount: lineCount * 2, threadCount: threadCount,
          load: milliseconds / Double(threadCount), open: 40)
        point.queries = ["campaigns": 3, "links": 5]
        point.residentByteCount = 2e7
        point.diskByteCount = 1e7
        report.points.append(point)
      }
    }
    let text = ScalePlot.document(report)
    for name in ["load, 1 thread<", "load, 2 threads<", "open, 2 threads<", "campaigns<", "links<"]
    {
      #expect(text.contains(name))
    }
    #expect(text.contains("A &amp; &lt;B&gt;, today"))
    #expect(text.hasSuffix("</svg>\n"))
    #expect(text.split(separator: "<circle").count - 1 == 2 * (4 + 2 + 2))
  }
}
