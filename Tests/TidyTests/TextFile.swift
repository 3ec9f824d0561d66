// A file as the rules see it: its lines, and for Swift the same lines with comments and string contents blanked.

struct TextFile {
  let path: String
  let lines: [Substring]
  /// Swift only: `lines` without comments and without the contents of strings; elsewhere equal to `lines`.
  let code: [Substring]
  /// Swift only: lines that lie inside a multi-line string literal, counted from zero.
  let quoted: Set<Int>

  init(path: String, text: String) {
    self.path = path
    lines = TextFile.split(text)
    if path.hasSuffix(".swift") {
      let blanked = SwiftBlanking.blank(Array(text.utf8))
      code = TextFile.split(String(decoding: blanked.bytes, as: UTF8.self))
      quoted = blanked.quoted
    } else {
      code = lines
      quoted = []
    }
  }

  var name: Substring { path.split(separator: "/").last ?? "" }

  var isSwift: Bool { path.hasSuffix(".swift") }

  var isMarkdown: Bool { path.hasSuffix(".md") }

  /// Raw input, expected output and recorded figures; the rules of writing do not hold there.
  var isData: Bool {
    !isMarkdown && ["datasets/", "docs/runs/", "Tests/Golden/"].contains { path.hasPrefix($0) }
  }

  /// The module the file belongs to: the folder below `Sources` or `Tests`.
  var module: String? {
    let parts = path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
    return String(parts[1])
  }

  var isSource: Bool { path.hasPrefix("Sources/") }

  /// A finding at a line counted from zero.
  func finding(_ line: Int, _ message: String) -> Finding {
    Finding(path: path, line: line + 1, message: message)
  }

  /// Lines without their newlines; a final newline starts no line.
  private static func split(_ text: String) -> [Substring] {
    // By bytes: to Swift, a carriage return and the newline after it are one character.
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { Substring($0) }
  }
}
