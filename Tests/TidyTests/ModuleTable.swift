// The architecture as Package.swift states it, read as text: which module may import which.

struct ModuleTable {
  struct Row: Equatable {
    let name: String
    let imports: [String]
    /// Counted from zero.
    let line: Int
  }

  /// The rows of `let modules`, in their order.
  let modules: [Row]
  /// What every target may import, by the target's name: rows, tests, executables, C libraries.
  let imports: [String: Set<String>]

  init(manifest: TextFile) {
    modules = ModuleTable.rows(of: "modules", in: manifest)
    let tests = ModuleTable.rows(of: "tests", in: manifest)
    var imports: [String: Set<String>] = [:]
    for row in modules { imports[row.name] = Set(row.imports) }
    for row in tests { imports[row.name] = Set(row.imports + ["TestSupport"]) }
    for row in ModuleTable.targets(in: manifest) { imports[row.name] = Set(row.imports) }
    self.imports = imports
  }

  /// The tuples `("Name", ["A", "B"])` of the array constant `name`.
  private static func rows(of name: String, in manifest: TextFile) -> [Row] {
    guard
      let first = manifest.lines.firstIndex(where: { $0.hasPrefix("let \(name):") }),
      let last = manifest.lines[first...].firstIndex(of: "]")
    else { return [] }
    var rows: [Row] = []
    var isName = false
    for i in first + 1..<last {
      // A row may be broken over lines; swift-format then indents what belongs to it deeper.
      if manifest.lines[i].hasPrefix("  (") { isName = true }
      for text in strings(of: manifest.lines[i]) {
        if isName {
          rows.append(Row(name: text, imports: [], line: i))
          isName = false
        } else if let row = rows.popLast() {
          rows.append(Row(name: row.name, imports: row.imports + [text], line: row.line))
        }
      }
    }
    return rows
  }

  /// The targets written out with a literal name, such as `.executableTarget(name: "CLI", ...)`.
  private static func targets(in manifest: TextFile) -> [Row] {
    let text = manifest.lines.filter { !isComment($0) }.joined(separator: " ")[...]
    return text.split(separator: "arget(").dropFirst().compactMap { body in
      let trimmed = body.drop { $0 == " " }
      guard trimmed.hasPrefix("name: \""), let name = strings(of: trimmed).first else { return nil }
      guard let list = trimmed.split(separator: "dependencies: [").dropFirst().first,
        let end = list.firstIndex(of: "]")
      else { return Row(name: name, imports: [], line: 0) }
      return Row(name: name, imports: strings(of: list[..<end]), line: 0)
    }
  }

  /// The string literals of `text`, except those that name packages.
  private static func strings(of text: Substring) -> [String] {
    if isComment(text) { return [] }
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.indices.compactMap { i in
      i % 2 == 1 && !parts[i - 1].hasSuffix("package: ") ? String(parts[i]) : nil
    }
  }

  private static func isComment(_ line: Substring) -> Bool {
    line.drop { $0 == " " }.hasPrefix("//")
  }
}
