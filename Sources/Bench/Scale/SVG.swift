// The few shapes of a drawing, as the text of an SVG file.

package struct SVG {
  package let width: Double
  package let height: Double
  private var shapes: [String] = []

  package init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  package struct Point: Equatable, Sendable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// How a line is drawn.
  package struct Stroke: Sendable {
    package var color: String
    package var width = 1.0
    package var isDashed = false

    package init(_ color: String, width: Double = 1, isDashed: Bool = false) {
      self.color = color
      self.width = width
      self.isDashed = isDashed
    }
  }

  /// How text stands at its point.
  package enum Anchor: String, Sendable {
    case start
    case middle
    case end
  }

  package mutating func line(_ points: [Point], _ stroke: Stroke) {
    let places = points.map { "\(SVG.number($0.x)),\(SVG.number($0.y))" }.joined(separator: " ")
    let dashes = stroke.isDashed ? " stroke-dasharray=\"4 4\"" : ""
    shapes.append(
      """
      <polyline points="\(places)" fill="none" stroke="\(stroke.color)" \
      stroke-width="\(SVG.number(stroke.width))"\(dashes)/>
      """)
  }

  package mutating func dot(_ center: Point, radius: Double, color: String) {
    shapes.append(
      """
      <circle cx="\(SVG.number(center.x))" cy="\(SVG.number(center.y))" \
      r="\(SVG.number(radius))" fill="\(color)"/>
      """)
  }

  package mutating func text(
    _ text: String, at point: Point, size: Double = 12, anchor: Anchor = .start,
    color: String = "#333333"
  ) {
    shapes.append(
      """
      <text x="\(SVG.number(point.x))" y="\(SVG.number(point.y))" \
      font-size="\(SVG.number(size))" text-anchor="\(anchor.rawValue)" \
      fill="\(color)">\(SVG.escaped(text))</text>
      """)
  }

  /// The file, on white ground.
  package var document: String {
    let size = "width=\"\(SVG.number(width))\" height=\"\(SVG.number(height))\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \
      viewBox="0 0 \(SVG.number(width)) \(SVG.number(height))" font-family="sans-serif">
      <rect \(size) fill="#ffffff"/>
      \(shapes.joined(separator: "\n"))
      </svg>

      """
  }

  /// At most one digit after the point.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  private static func escaped(_ text: String) -> String {
    text.map { $0 == "&" ? "&amp;" : $0 == "<" ? "&lt;" : $0 == ">" ? "&gt;" : String($0) }.joined()
  }
}
