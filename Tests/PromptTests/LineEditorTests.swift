// A line being typed: text, cursor, history and completion.

import Base
import Prompt
import TestSupport
import Testing

@Suite("line editor")
struct LineEditorTests {
  private func type(_ text: String, _ keys: [Key] = [], into editor: inout LineEditor) {
    for character in text { _ = editor.apply(.character(character)) }
    for key in keys { _ = editor.apply(key) }
  }

  /// The text with `|` where the cursor is.
  private func shown(_ editor: LineEditor) -> String {
    String(editor.text[..<editor.cursor]) + "|" + String(editor.text[editor.cursor...])
  }

  @Test(
    "keys move and remove",
    arguments: [
      ([], "ab cd ef|"), ([.left], "ab cd e|f"), ([.home], "|ab cd ef"),
      ([.home, .left], "|ab cd ef"),
      ([.right], "ab cd ef|"), ([.home, .right, .right], "ab| cd ef"), ([.backspace], "ab cd e|"),
      ([.home, .backspace], "|ab cd ef"), ([.home, .delete], "|b cd ef"), ([.delete], "ab cd ef|"),
      ([.home, .endOfInput], "|b cd ef"), ([.left, .killToStart], "|f"),
      ([.left, .killToEnd], "ab cd e|"),
      ([.killWord], "ab cd |"), ([.killWord, .killWord], "ab |"), ([.wordLeft], "ab cd |ef"),
      ([.wordLeft, .wordLeft], "ab |cd ef"), ([.home, .wordRight], "ab| cd ef"),
      ([.home, .wordRight, .wordRight], "ab cd| ef"), ([.home, .end], "ab cd ef|"),
    ] as [([Key], String)])
  func keys(keys: [Key], expected: String) {
    var editor = LineEditor()
    type("ab cd ef", keys, into: &editor)
    #expect(shown(editor) == expected)
  }

  @Test("Enter gives the line and begins a new one; Ctrl-C drops it; Ctrl-D ends only an empty one")
  func endings() {
    var editor = LineEditor()
    type("abc", [.left], into: &editor)
    #expect(editor.apply(.enter) == .entered("abc"))
    #expect(shown(editor) == "|")
    type("abc", into: &editor)
    #expect(editor.apply(.interrupt) == .interrupted)
    #expect(shown(editor) == "|")
    #expect(editor.apply(.endOfInput) == .ended)
  }

  @Test("a mark that comes after its letter joins it")
  func marks() {
    var editor = LineEditor()
    type("e", into: &editor)
    _ = editor.apply(.character("\u{301}"))
    #expect(editor.text == ["é"])
    _ = editor.apply(.backspace)
    #expect(editor.text.isEmpty)
  }

  @Test("arrows call back what was entered, and what was being typed")
  func history() {
    var editor = LineEditor(history: History(["one", "two"]))
    type("dra", [.up], into: &editor)
    #expect(shown(editor) == "two|")
    type("", [.up, .up, .up], into: &editor)
    #expect(shown(editor) == "one|")
    type("", [.down], into: &editor)
    #expect(shown(editor) == "two|")
    type("", [.down, .down], into: &editor)
    #expect(shown(editor) == "dra|")
    type("", [.up, .enter], into: &editor)
    editor.history.add("two")
    editor.history.add("three")
    type("", [.up], into: &editor)
    #expect(shown(editor) == "three|")
    #expect(editor.history.entries == ["one", "two", "three"])
  }

  @Test("history is bounded, and blank statements are none")
  func historyLimit() {
    var history = History((0..<1500).map { "\($0)" })
    #expect(history.entries.count == 1000)
    #expect(history.entries.first == "500")
    let areAdded = ["x", "x", "  "].map { history.add($0) }
    #expect(areAdded == [true, false, false])
    #expect(history.entries.count == 1000)
    #expect(history.entries.last == "x")
  }

  @Test("history is read back from its file, which only its owner may read")
  func historyFile() {
    let folder = TemporaryFolder()
    let file = HistoryFile(path: folder.file("history"))
    #expect(file.read().isEmpty)
    for number in 0..<2100 { file.append("statement \(number)") }
    #expect(file.read().last == "statement 2099")
    #expect(file.read().count == 1000)
    file.append("é\u{1F600}")
    #expect(file.read().count == 1001)
    #expect(file.read().last == "é\u{1F600}")
  }

  private let vocabulary = Vocabulary([
    "SELECT", "SET", "open_rate", "openers", "opens", "recipient.School", "\\q",
  ])

  @Test(
    "Tab completes as far as it is certain",
    arguments: [
      ("SEL", "SELECT |"), ("sel", "select |"), ("S", "SE|"), ("x, op", "x, open|"),
      ("RECIPIENT.S", "recipient.School |"), ("recipient.s", "recipient.School |"), ("\\", "\\q |"),
      ("zzz", "zzz|"), ("", "|"), ("a ", "a |"),
    ])
  func completion(text: String, expected: String) {
    var editor = LineEditor(vocabulary: vocabulary)
    type(text, [.tab], into: &editor)
    #expect(shown(editor) == expected)
  }

  @Test("where nothing is certain, Tab lists the choices and leaves the line")
  func choices() {
    var editor = LineEditor(vocabulary: vocabulary)
    type("open", into: &editor)
    #expect(editor.apply(.tab) == .choices(["open_rate", "openers", "opens"]))
    #expect(shown(editor) == "open|")
  }

  @Test("Tab completes within a line")
  func completionInside() {
    var editor = LineEditor(vocabulary: vocabulary)
    type("opene FROM", [.left, .left, .left, .left, .left, .tab], into: &editor)
    #expect(shown(editor) == "openers | FROM")
  }

  @Test("the words of the language, its measures and dimensions are known")
  func vocabularyOfQueries() {
    let words = Vocabulary(dimensions: Vocabulary.usualDimensions)
    for (start, word) in [
      ("sel", "SELECT"), ("open_", "open_rate"), ("camp", "campaign"), ("aud", "audience"),
      ("mailc", "mailchimp"), ("hour_", "hour_of_day"), ("mess", "messages"),
    ] {
      #expect(words.completions(of: start).contains(word), "\(start)")
    }
  }

  @Test("whatever is typed, cursor and screen stay within their bounds")
  func anyKeys() {
    let keys: [Key] = [
      .character("a"), .character("世"), .character("\u{301}"), .character(" "), .character("S"),
      .left, .right, .up, .down, .home, .end, .wordLeft, .wordRight, .backspace, .delete,
      .killToEnd, .killToStart, .killWord, .tab, .enter, .interrupt, .endOfInput,
    ]
    forAll(count: Cases.count(200)) { random, seed in
      var editor = LineEditor(history: History(["one", "zwei"]), vocabulary: vocabulary)
      for _ in 0..<100 {
        if case .entered(let line) = editor.apply(random.pick(keys)) { editor.history.add(line) }
        #expect((0...editor.text.count).contains(editor.cursor), "\(seed)")
        let width = 1 + random.below(30)
        let screen = ScreenLine(editor, prompt: "> ", width: width)
        #expect(screen.cursorColumn >= 2, "\(seed)")
        #expect(screen.cursorColumn < max(width, 4), "\(seed)")
      }
    }
  }

  @Test("a long line is scrolled so that the cursor is in sight")
  func scrolling() {
    var editor = LineEditor()
    type("abcdefghij", into: &editor)
    #expect(ScreenLine(editor, prompt: "> ", width: 20).text == "> abcdefghij")
    #expect(ScreenLine(editor, prompt: "> ", width: 20).cursorColumn == 12)
    #expect(ScreenLine(editor, prompt: "> ", width: 8).text == "> fghij")
    #expect(ScreenLine(editor, prompt: "> ", width: 8).cursorColumn == 7)
    _ = editor.apply(.home)
    #expect(ScreenLine(editor, prompt: "> ", width: 8).text == "> abcde")
    #expect(ScreenLine(editor, prompt: "> ", width: 8).cursorColumn == 2)
  }

  @Test("wide characters take two columns, control characters are shown and not obeyed")
  func widths() {
    var editor = LineEditor(history: History(["世a\u{1B}b"]))
    _ = editor.apply(.up)
    let screen = ScreenLine(editor, prompt: "", width: 80)
    #expect(!screen.text.contains("\u{1B}"))
    #expect(screen.cursorColumn == 2 + 1 + 4 + 1)
  }
}
