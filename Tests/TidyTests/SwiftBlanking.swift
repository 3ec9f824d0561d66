// Blanks comments and string contents of Swift source, so that rules about code see code only.
//
// Every byte keeps its place: a blanked byte becomes a space, a newline stays. Regex literals are not known.

struct SwiftBlanking {
  private(set) var bytes: [UInt8]
  /// Lines inside multi-line strings, counted from zero.
  private(set) var quoted: Set<Int> = []
  private var at = 0
  private var line = 0

  static func blank(_ source: [UInt8]) -> SwiftBlanking {
    var blanking = SwiftBlanking(bytes: source)
    blanking.skipCode(until: nil)
    return blanking
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Walks code to the end, or to the parenthesis that closes an interpolation.
  private mutating func skipCode(until close: UInt8?) {
    var depth = 0
    while at < bytes.count {
      let byte = bytes[at]
      if starts(with: "//") {
        skipLineComment()
      } else if starts(with: "/*") {
        skipBlockComment()
      } else if byte == UInt8(ascii: "\"") || startsRawString {
        skipString()
      } else if byte == close, depth == 0 {
        return
      } else {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        step()
      }
    }
  }

  private mutating func skipLineComment() {
    while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { erase() }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        erase(2)
      } else if starts(with: "*/") {
        depth -= 1
        erase(2)
      } else {
        erase()
      }
    } while depth > 0 && at < bytes.count
  }

  /// Keeps the quotes, blanks what is between them.
  private mutating func skipString() {
    let pounds = poundCount(from: at)
    at += pounds
    let isMultiline = starts(with: "\"\"\"")
    let quoteCount = isMultiline ? 3 : 1
    at += quoteCount
    let firstLine = line
    while at < bytes.count {
      if isMultiline, line > firstLine { quoted.insert(line) }
      if closesString(quoteCount: quoteCount, pounds: pounds) {
        at += quoteCount + pounds
        return
      }
      if bytes[at] == UInt8(ascii: "\n"), !isMultiline { return }
      if bytes[at] == UInt8(ascii: "\\"), poundCount(from: at + 1) >= pounds {
        skipEscape(pounds: pounds)
      } else {
        erase()
      }
    }
  }

  private mutating func skipEscape(pounds: Int) {
    erase(1 + pounds)
    guard at < bytes.count else { return }
    guard bytes[at] == UInt8(ascii: "(") else { return erase() }
    let start = at
    at += 1
    skipCode(until: UInt8(ascii: ")"))
    let end = min(at + 1, bytes.count)
    for i in start..<end where bytes[i] != UInt8(ascii: "\n") { bytes[i] = UInt8(ascii: " ") }
    at = end
  }

  private func closesString(quoteCount: Int, pounds: Int) -> Bool {
    guard at + quoteCount + pounds <= bytes.count else { return false }
    for i in 0..<quoteCount where bytes[at + i] != UInt8(ascii: "\"") { return false }
    return poundCount(from: at + quoteCount) >= pounds
  }

  private var startsRawString: Bool {
    let pounds = poundCount(from: at)
    return pounds > 0 && at + pounds < bytes.count && bytes[at + pounds] == UInt8(ascii: "\"")
  }

  private func poundCount(from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
    return end - start
  }

  private func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    for i in 0..<count where bytes[at + i] != text.utf8Start[i] { return false }
    return true
  }

  private mutating func step() {
    if bytes[at] == UInt8(ascii: "\n") { line += 1 }
    at += 1
  }

  private mutating func erase(_ count: Int = 1) {
    for _ in 0..<count where at < bytes.count {
      if bytes[at] != UInt8(ascii: "\n") { bytes[at] = UInt8(ascii: " ") }
      step()
    }
  }
}
