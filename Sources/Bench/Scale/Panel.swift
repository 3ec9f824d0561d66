// One diagram of a drawing: lines over the number of events, both axes logarithmic, a legend below.

package struct Panel {
  package struct Series: Sendable {
    package var name: String
    /// Events and what was measured.
    package var points: [(x: Double, y: Double)]

    package init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  package static let width = 460.0
  private static let plotHeight = 340.0
  private static let legendLineHeight = 18.0
  private static let colors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a5cc4", "#a6761d", "#56b4e9", "#e69f00",
    "#444444", "#e7298a",
  ]

  private let title: String
  private let series: [Series]
  private let format: (Double) -> String

  /// - Parameter format: how values of the upright axis are written.
  package init(_ title: String, _ series: [Series], format: @escaping (Double) -> String) {
    self.title = title
    self.series = series
    self.format = format
  }

  package var height: Double {
    Panel.plotHeight + 90 + Double(series.count + 1) * Panel.legendLineHeight
  }

  /// Draws it with its upper left corner at `corner`.
  package func draw(at corner: SVG.Point, on drawing: inout SVG) {
    let points = series.flatMap(\.points)
    let left = corner.x + 70
    let top = corner.y + 40
    let bottom = top + Panel.plotHeight
    let across = LogAxis(points.map(\.x), from: left, to: corner.x + Panel.width - 20)
    let upright = LogAxis(points.map(\.y), from: bottom, to: top)
    drawing.text(title, at: SVG.Point(left, corner.y + 22), size: 16)
    drawGrid(across, upright, on: &drawing)
    drawLinear(across, upright, on: &drawing)
    for (index, series) in series.enumerated() {
      let color = Panel.colors[index % Panel.colors.count]
      draw(series, color, across, upright, on: &drawing)
      let place = bottom + 56 + Double(index + 1) * Panel.legendLineHeight
      drawLegend(series.name, Stroke(color, width: 2), SVG.Point(left, place), on: &drawing)
    }
    let place = SVG.Point(left, bottom + 56)
    drawLegend("grows as the events do", Panel.linear, place, on: &drawing)
  }

  private typealias Stroke = SVG.Stroke
  private static let linear = Stroke("#999999", isDashed: true)

  private func drawGrid(_ across: LogAxis, _ upright: LogAxis, on drawing: inout SVG) {
    let (left, right) = (
      across.place(across.range.lowerBound), across.place(across.range.upperBound)
    )
    let (bottom, top) = (
      upright.place(upright.range.lowerBound), upright.place(upright.range.upperBound)
    )
    let thin = Stroke("#dddddd")
    for tick in across.ticks {
      let x = across.place(tick)
      drawing.line([SVG.Point(x, bottom), SVG.Point(x, top)], thin)
      let label = QuantityText.short(QuantityText.count(tick))
      drawing.text(label, at: SVG.Point(x, bottom + 16), size: 11, anchor: .middle)
    }
    for tick in upright.ticks {
      let y = upright.place(tick)
      drawing.line([SVG.Point(left, y), SVG.Point(right, y)], thin)
      let label = QuantityText.short(format(tick))
      drawing.text(label, at: SVG.Point(left - 6, y + 4), size: 11, anchor: .end)
    }
    drawing.text(
      "events", at: SVG.Point((left + right) / 2, bottom + 34), anchor: .middle)
  }

  /// A line of slope one through the lower left, to hold the others against.
  private func drawLinear(_ across: LogAxis, _ upright: LogAxis, on drawing: inout SVG) {
    let growth = min(
      across.range.upperBound / across.range.lowerBound,
      upright.range.upperBound / upright.range.lowerBound)
    let (x, y) = (across.range.lowerBound, upright.range.lowerBound)
    drawing.line(
      [
        SVG.Point(across.place(x), upright.place(y)),
        SVG.Point(across.place(x * growth), upright.place(y * growth)),
      ], Panel.linear)
  }

  private func draw(
    _ series: Series, _ color: String, _ across: LogAxis, _ upright: LogAxis,
    on drawing: inout SVG
  ) {
    let places = series.points.filter { $0.x > 0 && $0.y > 0 }.map {
      SVG.Point(across.place($0.x), upright.place($0.y))
    }
    drawing.line(places, Stroke(color, width: 2))
    for place in places { drawing.dot(place, radius: 3.5, color: color) }
  }

  private func drawLegend(
    _ name: String, _ stroke: Stroke, _ place: SVG.Point, on drawing: inout SVG
  ) {
    drawing.line([place, SVG.Point(place.x + 24, place.y)], stroke)
    drawing.text(name, at: SVG.Point(place.x + 32, place.y + 4))
  }
}
