// Rules about documents: one title, and links that lead somewhere, to the very heading where they name one.

enum MarkdownRules {
  /// - Parameters:
  ///   - exists: whether a path, given from the root, is there.
  ///   - anchors: the anchors of the document at a path; nil where there is none.
  static func findings(
    in file: TextFile, exists: (String) -> Bool, anchors: (String) -> Set<String>?
  ) -> [Finding] {
    guard file.isMarkdown else { return [] }
    let prose = proseLines(of: file)
    return titles(file, prose)
      + prose.flatMap { i in
        targets(of: file.lines[i]).compactMap { target in
          fault(of: target, in: file, exists, anchors).map { file.finding(i, $0) }
        }
      }
  }

  /// What a link can name behind `#`: GitHub makes it of each heading.
  static func anchors(of file: TextFile) -> Set<String> {
    var counts: [String: Int] = [:]
    var anchors = Set<String>()
    for i in proseLines(of: file) {
      let level = file.lines[i].prefix { $0 == "#" }.count
      guard (1...6).contains(level), file.lines[i].dropFirst(level).first == " " else { continue }
      let anchor = slug(shown(file.lines[i].dropFirst(level + 1)))
      let count = counts[anchor, default: 0]
      counts[anchor] = count + 1
      anchors.insert(count == 0 ? anchor : "\(anchor)-\(count)")
    }
    return anchors
  }

  /// The heading in lower case, without punctuation, and with hyphens for its spaces.
  private static func slug(_ heading: String) -> String {
    String(
      heading.lowercased().compactMap { character in
        if character == " " { return "-" }
        let isKept = character.isLetter || character.isNumber || character == "-"
        return isKept || character == "_" ? character : nil
      })
  }

  /// The heading as it is read: of a link its text.
  private static func shown(_ heading: Substring) -> String {
    heading.split(separator: "](", omittingEmptySubsequences: false).enumerated().map {
      $0.offset == 0 ? String($0.element) : String($0.element.drop { $0 != ")" })
    }.joined()
  }

  private static func titles(_ file: TextFile, _ prose: [Int]) -> [Finding] {
    let titles = prose.filter { file.lines[$0].hasPrefix("# ") }
    if titles.isEmpty { return [file.finding(0, "no title")] }
    return titles.dropFirst().map { file.finding($0, "a second title") }
  }

  private static func fault(
    of target: String, in file: TextFile, _ exists: (String) -> Bool,
    _ anchors: (String) -> Set<String>?
  ) -> String? {
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    var known: Set<String>?
    if parts[0].isEmpty {
      known = self.anchors(of: file)
    } else {
      guard let path = resolve(String(parts[0]), from: file.path) else {
        return "\(target) leads out of the repository"
      }
      guard exists(path) else { return "\(target) leads nowhere" }
      known = anchors(path)
    }
    guard parts.count == 2, let known, !known.contains(String(parts[1])) else { return nil }
    return "\(target) names no heading"
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

  /// The relative targets of `[text](target)`; code between backticks has none.
  private static func targets(of line: Substring) -> [String] {
    let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
    // Code is every second piece. A link's text may be code, so the pieces are joined again.
    let text = pieces.enumerated().map { $0.offset % 2 == 0 ? $0.element : "" }.joined()
    return text.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap {
      let target = $0.prefix { $0 != ")" && $0 != " " }
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
