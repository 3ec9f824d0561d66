// Rules about documents: one title, and links that lead somewhere.

enum MarkdownRules {
  /// - Parameter exists: whether a path, given from the root, is there.
  static func findings(in file: TextFile, exists: (String) -> Bool) -> [Finding] {
    guard file.isMarkdown else { return [] }
    let prose = proseLines(of: file)
    return titles(file, prose) + links(file, prose, exists)
  }

  private static func titles(_ file: TextFile, _ prose: [Int]) -> [Finding] {
    let titles = prose.filter { file.lines[$0].hasPrefix("# ") }
    if titles.isEmpty { return [file.finding(0, "no title")] }
    return titles.dropFirst().map { file.finding($0, "a second title") }
  }

  private static func links(
    _ file: TextFile, _ prose: [Int], _ exists: (String) -> Bool
  ) -> [Finding] {
    prose.flatMap { i in
      targets(of: file.lines[i]).compactMap { target in
        guard let path = resolve(target, from: file.path) else {
          return file.finding(i, "\(target) leads out of the repository")
        }
        return exists(path) ? nil : file.finding(i, "\(target) leads nowhere")
      }
    }
  }

  /// Lines outside fenced and indented code.
  private static func proseLines(of file: TextFile) -> [Int] {
    var isFenced = false
    return file.lines.indices.filter { i in
      let line = file.lines[i].drop { $0 == " " }
      if line.hasPrefix("```") || line.hasPrefix("~~~") {
        isFenced.toggle()
        return false
      }
      return !isFenced && !file.lines[i].hasPrefix("    ")
    }
  }

  /// The relative targets of `[text](target)`, without fragments; code between backticks has none.
  private static func targets(of line: Substring) -> [String] {
    let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
    // Code is every second piece. A link's text may be code, so the pieces are joined again.
    let text = pieces.enumerated().map { $0.offset % 2 == 0 ? $0.element : "" }.joined()
    return text.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap {
      let target = $0.prefix { $0 != ")" && $0 != " " }.prefix { $0 != "#" }
      let isRelative = !target.isEmpty && !target.contains(":")
      return isRelative ? String(target) : nil
    }
  }

  /// `target` of a link in the file `path`, from the root; nil where it climbs above the root.
  private static func resolve(_ target: String, from path: String) -> String? {
    var parts = target.hasPrefix("/") ? [] : path.split(separator: "/").dropLast()
    for part in target.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.joined(separator: "/")
  }
}
