// A line being typed: keys go in, text and cursor change. Knows nothing of terminals.

package struct LineEditor: Sendable {
  /// What a key came to.
  package enum Outcome: Equatable, Sendable {
    case editing
    case entered(String)
    case interrupted
    case ended
    case clearScreen
    /// What the word at the cursor may become.
    case choices([String])
  }

  package private(set) var text: [Character] = []
  /// From 0 to the length of the text.
  package private(set) var cursor = 0
  package var history: History
  package var vocabulary: Vocabulary

  package init(history: History = History(), vocabulary: Vocabulary = Vocabulary([])) {
    self.history = history
    self.vocabulary = vocabulary
  }

  /// Applies a key.
  package mutating func apply(_ key: Key) -> Outcome {
    switch key {
    case .character(let character): insert(character)
    case .enter: return .entered(take())
    case .interrupt:
      _ = take()
      return .interrupted
    case .endOfInput:
      if text.isEmpty { return .ended }
      remove(cursor..<min(cursor + 1, text.count))
    case .clearScreen: return .clearScreen
    case .tab: return complete()
    case .up: if let entry = history.previous(instead: String(text)) { show(entry) }
    case .down: if let entry = history.next() { show(entry) }
    default: edit(key)
    }
    return .editing
  }

  private mutating func edit(_ key: Key) {
    switch key {
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(text.count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = text.count
    case .wordLeft: cursor = wordStart
    case .wordRight: cursor = wordEnd
    case .backspace: remove(max(0, cursor - 1)..<cursor)
    case .delete: remove(cursor..<min(cursor + 1, text.count))
    case .killToEnd: remove(cursor..<text.count)
    case .killToStart: remove(0..<cursor)
    case .killWord: remove(wordStart..<cursor)
    default: break
    }
  }

  private mutating func take() -> String {
    defer {
      text = []
      cursor = 0
      history.leave()
    }
    return String(text)
  }

  private mutating func show(_ entry: String) {
    text = Array(entry)
    cursor = text.count
  }

  private mutating func insert(_ character: Character) {
    // A combining mark joins what stands before it.
    let before = cursor
    let joined = cursor > 0 ? Array(String(text[cursor - 1]) + String(character)) : []
    if joined.count == 1 {
      text[before - 1] = joined[0]
    } else {
      text.insert(character, at: cursor)
      cursor += 1
    }
  }

  private mutating func remove(_ range: Range<Int>) {
    text.removeSubrange(range)
    cursor = range.lowerBound
  }

  private var wordStart: Int {
    var index = cursor
    while index > 0, text[index - 1].isWhitespace { index -= 1 }
    while index > 0, !text[index - 1].isWhitespace { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    var index = cursor
    while index < text.count, text[index].isWhitespace { index += 1 }
    while index < text.count, !text[index].isWhitespace { index += 1 }
    return index
  }

  /// Completes the word before the cursor as far as it is certain; says what it may become when that is not at all.
  private mutating func complete() -> Outcome {
    let start = Vocabulary.wordStart(text, before: cursor)
    guard start < cursor else { return .editing }
    let word = String(text[start..<cursor])
    let words = vocabulary.completions(of: word)
    guard let first = words.first else { return .editing }
    var common = Array(first)
    for other in words.dropFirst() {
      let same = zip(common, other).prefix { $0.lowercased() == $1.lowercased() }.count
      common.removeLast(common.count - same)
    }
    if words.count > 1, common.count <= word.count { return .choices(words) }
    // Who writes keywords small gets them small.
    if !word.contains(where: \.isUppercase), !first.contains(where: \.isLowercase) {
      common = common.flatMap { $0.lowercased() }
    }
    if words.count == 1 { common.append(" ") }
    text.replaceSubrange(start..<cursor, with: common)
    cursor = start + common.count
    return .editing
  }
}
