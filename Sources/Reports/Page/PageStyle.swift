// What a page may use: how many columns there are, and whether there are colours.

package struct PageStyle: Sendable {
  /// Columns of the terminal; nil does not limit.
  package var width: Int?
  package var hasColors: Bool

  package init(width: Int? = nil, hasColors: Bool = false) {
    self.width = width.map { max(20, $0) }
    self.hasColors = hasColors
  }

  func bold(_ text: String) -> String { hasColors ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  func dim(_ text: String) -> String { hasColors ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
