// The drawing of a scale run: load and open, queries, memory and disk, each over the number of events.

package enum ScalePlot {
  /// The text of an SVG file.
  package static func document(_ report: ScaleReport) -> String {
    let panels = [loads(report), queries(report), sizes(report)]
    let height = (panels.map(\.height).max() ?? 0) + 30
    var drawing = SVG(width: Double(panels.count) * Panel.width, height: height)
    for (index, panel) in panels.enumerated() {
      panel.draw(at: SVG.Point(Double(index) * Panel.width, 0), on: &drawing)
    }
    drawing.text(
      "\(report.machine), \(report.date)", at: SVG.Point(70, height - 10), size: 11,
      color: "#777777")
    return drawing.document
  }

  private static func loads(_ report: ScaleReport) -> Panel {
    let series = threadCounts(report).flatMap { count in
      [
        Panel.Series("load, \(threads(count))", points(report, count, \.load)),
        Panel.Series("open, \(threads(count))", points(report, count, \.open)),
      ]
    }
    return Panel("Load and open", series) { QuantityText.time($0 * 1e6) }
  }

  /// With the most threads there are.
  private static func queries(_ report: ScaleReport) -> Panel {
    let count = threadCounts(report).last ?? 1
    let names = Set(report.points.flatMap(\.queries.keys)).sorted()
    let series = names.map { name in
      Panel.Series(name, points(report, count) { $0.queries[name] ?? 0 })
    }
    return Panel("Queries, \(threads(count))", series) { QuantityText.time($0 * 1e6) }
  }

  private static func sizes(_ report: ScaleReport) -> Panel {
    let count = threadCounts(report).last ?? 1
    let series = [
      Panel.Series("resident memory", points(report, count, \.residentByteCount)),
      Panel.Series("data directory", points(report, count, \.diskByteCount)),
    ]
    return Panel("Memory and disk", series, format: QuantityText.bytes)
  }

  private static func threadCounts(_ report: ScaleReport) -> [Int] {
    Set(report.points.map(\.threadCount)).sorted()
  }

  private static func threads(_ count: Int) -> String {
    count == 1 ? "1 thread" : "\(count) threads"
  }

  private static func points(
    _ report: ScaleReport, _ threadCount: Int, _ value: (ScalePoint) -> Double
  ) -> [(x: Double, y: Double)] {
    report.points.filter { $0.threadCount == threadCount }
      .map { (x: Double($0.eventCount), y: value($0)) }
  }
}
