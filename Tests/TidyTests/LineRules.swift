// Rules about single lines of any text: width, white space, left-over marks, paths of one machine.

enum LineRules {
  static let codeColumnMax = 100
  static let proseColumnMax = 120

  static func findings(in file: TextFile) -> [Finding] {
    if file.isData { return [] }
    return width(file) + whiteSpace(file) + marks(file) + machinePaths(file)
  }

  /// Code ends at column 100; comments, scripts and C at 120. Markdown is free, and so are the
  /// contents of multi-line strings, samples of one raw string in tests, and what cannot be broken because it has
  /// no space.
  static func width(_ file: TextFile) -> [Finding] {
    if file.isMarkdown || file.name == "LICENSE" { return [] }
    return file.lines.indices.compactMap { i in
      let line = file.lines[i]
      // Bytes bound columns, and counting them is quick.
      if line.utf8.count <= codeColumnMax || file.quoted.contains(i) || isSample(line, file) {
        return nil
      }
      let isProse = !file.isSwift || file.code[i].allSatisfy { $0 == " " }
      let most = isProse ? proseColumnMax : codeColumnMax
      let isUnbreakable = isProse && line.split(separator: " ").count <= 2
      if line.count <= most || isUnbreakable { return nil }
      return file.finding(i, "\(line.count) columns; the most is \(most)")
    }
  }

  /// A line of a log, a query, or the like, that stands in a test as it is: a string on a line of its own, or a raw
  /// string and little besides.
  private static func isSample(_ line: Substring, _ file: TextFile) -> Bool {
    guard file.path.hasPrefix("Tests/") else { return false }
    if line.drop(while: { $0 == " " }).hasPrefix("\"") { return true }
    guard let open = line.firstRange(of: "#\"") else { return false }
    return line.distance(from: line.startIndex, to: open.lowerBound) < codeColumnMax / 2
  }

  static func whiteSpace(_ file: TextFile) -> [Finding] {
    guard isWritten(file) else { return [] }
    return file.lines.indices.compactMap { i in
      let bytes = file.lines[i].utf8
      if file.name != "Makefile", bytes.contains(UInt8(ascii: "\t")) {
        return file.finding(i, "a tab")
      }
      if bytes.last == UInt8(ascii: " ") || bytes.last == UInt8(ascii: "\r") {
        return file.finding(i, "white space at the end")
      }
      return nil
    }
  }

  /// Marks that say "not finished". Documents may speak about them.
  static func marks(_ file: TextFile) -> [Finding] {
    if file.isMarkdown { return [] }
    return file.lines.indices.flatMap { i in
      words(of: file.lines[i]).filter { openMarks.contains(String($0.text)) }.map {
        file.finding(i, "\($0.text): finish it or open an issue")
      }
    }
  }

  /// Absolute paths that exist on one machine only.
  static func machinePaths(_ file: TextFile) -> [Finding] {
    file.lines.indices.compactMap { i in
      let line = file.lines[i]
      guard let path = machineFolders.first(where: { mentions(line, folder: $0) }) else {
        return nil
      }
      return file.finding(i, "\(path) is a path of one machine")
    }
  }

  /// Whether `line` has `folder` where a path could start; a URL's middle is none.
  private static func mentions(_ line: Substring, folder: String) -> Bool {
    var rest = line.utf8
    let needle = folder.utf8
    var before = UInt8(ascii: " ")
    while rest.count >= needle.count {
      let precedes = Character(Unicode.Scalar(before))
      if !isIdentifierPart(precedes), precedes != ".", precedes != "-", rest.starts(with: needle) {
        return true
      }
      before = rest.removeFirst()
    }
    return false
  }

  /// Written by hand, so that white space means nothing; golden files and samples may need theirs.
  private static func isWritten(_ file: TextFile) -> Bool {
    let suffixes = [".swift", ".c", ".h", ".md", ".py", ".sh", ".yml"]
    return suffixes.contains { file.path.hasSuffix($0) } || file.path.hasPrefix("scripts/")
      || file.name == "Makefile" || file.path.hasPrefix(".ci/")
  }

  // In pieces, so that this file does not find itself.
  private static let openMarks: Set<String> = ["FIX" + "ME", "TO" + "DO", "XX" + "X"]
  private static let machineFolders = ["/wo" + "rk/", "/ro" + "ot/", "/fa" + "rm/"]
}
