// A line being typed as it stands on the screen: in one row, scrolled sideways so that the cursor is in sight.

internal import Query

package struct ScreenLine: Equatable, Sendable {
  /// What to show, the prompt included.
  package let text: String
  /// Columns from the left edge.
  package let cursorColumn: Int

  /// - Parameters:
  ///   - prompt: plain characters, one column each.
  ///   - width: the terminal's columns.
  package init(_ editor: LineEditor, prompt: String, width: Int) {
    // The last column stays free: a cursor behind it would be in the next row.
    let room = max(1, width - prompt.count - 1)
    let widths = editor.text.map { ScreenLine.width(of: $0) }
    var start = 0
    var before = widths[..<editor.cursor].reduce(0, +)
    while before > room {
      before -= widths[start]
      start += 1
    }
    var used = 0
    var end = start
    while end < widths.count, used + widths[end] <= room {
      used += widths[end]
      end += 1
    }
    text = prompt + editor.text[start..<end].map(ScreenLine.shown).joined()
    cursorColumn = prompt.count + before
  }

  private static func shown(_ character: Character) -> String {
    DisplayText.escape(String(character))
  }

  private static func width(of character: Character) -> Int {
    let scalars = shown(character).unicodeScalars
    // Marks that join a wide or narrow character add nothing.
    return scalars.count == 1
      ? max(1, scalars.first.map(TerminalWidth.of) ?? 1)
      : max(1, scalars.reduce(0) { $0 + TerminalWidth.of($1) })
  }
}
