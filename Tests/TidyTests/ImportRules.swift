// Rules about modules: arrows point one way, and every import has its arrow.

enum ImportRules {
  /// Each row of the table may list rows above it only.
  static func order(of table: ModuleTable, manifest: TextFile) -> [Finding] {
    let names = Set(table.modules.map(\.name))
    var above: Set<String> = []
    var findings: [Finding] = []
    for row in table.modules {
      for name in row.imports where names.contains(name) && !above.contains(name) {
        findings.append(
          manifest.finding(row.line, "\(row.name) imports \(name), which is not a row above it"))
      }
      above.insert(row.name)
    }
    return findings
  }

  static func findings(in file: TextFile, table: ModuleTable) -> [Finding] {
    guard file.isSwift, let module = file.module else { return [] }
    guard let allowed = table.imports[module] else {
      return [file.finding(0, "Package.swift does not know the module \(module)")]
    }
    return file.code.indices.compactMap { i in
      guard let name = importedModule(file.code[i]) else { return nil }
      if name.hasPrefix("Foundation"), file.isSource,
        !Allowances.foundationModules.contains(module)
      {
        return file.finding(i, "\(name) in \(module); below Server there is Glibc")
      }
      let isAllowed = allowed.contains(name) || Allowances.systemModules.contains(name)
      return isAllowed ? nil : file.finding(i, "\(module) may not import \(name)")
    }
  }

  /// `Base` of `package import struct Base.ByteSlice`, or nil where the line is no import.
  private static func importedModule(_ line: Substring) -> String? {
    guard line.utf8.count > 7, line.contains("import ") else { return nil }
    var rest = words(of: line).map(\.text)
    rest.removeAll { modifiers.contains($0) }
    guard rest.first == "import", rest.count > 1 else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "typealias", "var"]
    return String(kinds.contains(rest[1]) && rest.count > 2 ? rest[2] : rest[1])
  }

  private static let modifiers: Set<Substring> = [
    "package", "internal", "private", "fileprivate", "public", "preconcurrency", "_exported",
  ]
}
