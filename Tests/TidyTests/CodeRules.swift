// Rules about Swift code: what it may not promise, and what it may not be called.

enum CodeRules {
  static func findings(in file: TextFile, unchecked: [String: String]) -> [Finding] {
    guard file.isSwift else { return [] }
    var findings = names(file) + uncheckedPromises(file, allowed: unchecked)
    if file.isSource {
      findings += header(file) + safety(file) + traps(file) + printing(file)
    }
    return findings
  }

  /// Every source file begins by saying what it is.
  static func header(_ file: TextFile) -> [Finding] {
    if file.lines.first?.hasPrefix("//") == true { return [] }
    return [file.finding(0, "begin with a comment: what this file is and why it exists")]
  }

  /// Who names an unsafe type says who guarantees the bounds.
  static func safety(_ file: TextFile) -> [Finding] {
    if file.lines.contains(where: { $0.contains("// SAFETY:") }) { return [] }
    for (i, line) in file.code.enumerated() where line.contains("Unsafe") {
      guard let word = words(of: line).first(where: { $0.text.hasPrefix("Unsafe") }) else {
        continue
      }
      return [file.finding(i, "\(word.text) without a `// SAFETY:` comment in this file")]
    }
    return []
  }

  static func uncheckedPromises(_ file: TextFile, allowed: [String: String]) -> [Finding] {
    if allowed[file.path] != nil { return [] }
    return file.code.indices.compactMap { i in
      let line = file.code[i]
      let isPromise = line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)")
      return isPromise
        ? file.finding(i, "an unchecked promise; give its reason in Allowances.swift") : nil
    }
  }

  /// `try!`, `as!` and forced unwraps.
  static func traps(_ file: TextFile) -> [Finding] {
    file.code.indices.compactMap { i in
      let line = file.code[i]
      guard let trap = trap(in: line) else { return nil }
      return file.finding(i, "\(trap) traps; throw, return or say why with a precondition")
    }
  }

  private static func trap(in line: Substring) -> String? {
    var before: Character = " "
    for index in line.indices {
      let character = line[index]
      if character == "!", isIdentifierPart(before) || before == ")" || before == "]" {
        let after = line[line.index(after: index)...].first
        if after != "=" {
          let word = words(of: line[..<index]).last?.text
          if before != ")", before != "]", word == "try" || word == "as" {
            return "\(word ?? "")!"
          }
          return "a forced unwrap"
        }
      }
      before = character
    }
    return nil
  }

  static func printing(_ file: TextFile) -> [Finding] {
    if Allowances.printingModules.contains(file.module ?? "") { return [] }
    return file.code.indices.compactMap { i in
      guard file.code[i].contains("print(") else { return nil }
      let found = words(of: file.code[i])
      let isCall = found.indices.contains { k in
        found[k].text == "print" && found[k].after == "(" && found[k].before != "."
          && (k == 0 || found[k - 1].text != "func")
      }
      return isCall ? file.finding(i, "print belongs to CLI and Bench") : nil
    }
  }

  /// Names that say nothing.
  static func names(_ file: TextFile) -> [Finding] {
    var findings: [Finding] = []
    if let word = empty(file.name.prefix { isIdentifierPart($0) }) {
      findings.append(file.finding(0, "a file named \(word)"))
    }
    for (i, line) in file.code.enumerated() {
      guard line.contains("Manager") || line.contains("Helper") || line.contains("Util") else {
        continue
      }
      let found = words(of: line)
      for k in found.indices.dropFirst() where declaring.contains(found[k - 1].text) {
        if let word = empty(found[k].text) {
          findings.append(file.finding(i, "\(found[k].text): \(word) says nothing"))
        }
      }
    }
    return findings
  }

  /// The empty word that `name` contains, as a word of its own.
  private static func empty(_ name: Substring) -> String? {
    for word in ["Manager", "Helper", "Helpers", "Utils", "Util", "Utilities"] {
      for index in name.indices where name[index...].hasPrefix(word) {
        let next = name[index...].dropFirst(word.count).first
        if next == nil || next?.isLowercase == false { return word }
      }
    }
    return nil
  }

  private static let declaring: Set<Substring> = [
    "struct", "class", "enum", "protocol", "actor", "extension", "typealias", "func", "let", "var",
  ]
}
