// Rules about length: files and function bodies that no longer fit into one head.

enum SizeRules {
  static let fileLineMax = 600
  static let functionLineMax = 70

  static func findings(in file: TextFile, exempt: [String: String]) -> [Finding] {
    fileLength(file, exempt: exempt) + (file.isSwift ? functionLength(file) : [])
  }

  static func fileLength(_ file: TextFile, exempt: [String: String]) -> [Finding] {
    let isFree = file.isMarkdown || file.isData || file.name == "LICENSE"
    if isFree || file.lines.count <= fileLineMax || exempt[file.path] != nil { return [] }
    return [file.finding(0, "\(file.lines.count) lines; the most is \(fileLineMax)")]
  }

  /// Bodies of functions, initialisers, subscripts and computed properties.
  static func functionLength(_ file: TextFile) -> [Finding] {
    var findings: [Finding] = []
    var open: [(head: Head, line: Int)] = []
    var head = Head()
    for (i, line) in file.code.enumerated() {
      if !line.utf8.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) {
        head.read(line)
        continue
      }
      for piece in pieces(of: line) {
        switch piece {
        case "{":
          open.append((head, i))
          head = Head()
        case "}":
          if let closed = open.popLast(), let name = closed.head.function {
            let count = i - closed.line - 1
            if count > functionLineMax {
              let message = "\(name) has \(count) lines; the most is \(functionLineMax)"
              findings.append(file.finding(closed.line, message))
            }
          }
          head = Head()
        default: head.read(piece)
        }
      }
    }
    return findings
  }

  /// `line` cut at its braces, the braces being pieces of their own.
  private static func pieces(of line: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var start = line.startIndex
    for index in line.indices where line[index] == "{" || line[index] == "}" {
      let next = line.index(after: index)
      pieces.append(line[start..<index])
      pieces.append(line[index..<next])
      start = next
    }
    return pieces + [line[start...]]
  }

  /// What stands before a brace: it opens a function if the last declaring keyword is one of a function.
  private struct Head {
    private var keyword = ""
    private var name = ""

    var function: String? { Head.functions.contains(keyword) ? name : nil }

    mutating func read(_ text: Substring) {
      for word in words(of: text) where word.before != "." {
        if Head.functions.contains(String(word.text)) || Head.types.contains(String(word.text)) {
          keyword = String(word.text)
          name = keyword
        } else if name == keyword {
          name = String(word.text)
        }
      }
    }

    private static let functions: Set<String> = ["func", "init", "deinit", "subscript", "var"]
    private static let types: Set<String> = [
      "struct", "class", "enum", "extension", "protocol", "actor", "let",
    ]
  }
}
