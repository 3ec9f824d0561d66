// The terminal that a prompt stands on: raw while a line is typed, as it was at all other times.

internal import Glibc

package final class Terminal {
  private let usual: termios
  private var isRaw = false

  /// Nil when standard input or output is no terminal.
  package init?() {
    var usual = termios()
    guard isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &usual) == 0 else { return nil }
    self.usual = usual
  }

  deinit { restore() }

  /// Lets a person type a line; nil at the end of input.
  ///
  /// - Returns: what ended it: `entered`, `interrupted` or `ended`.
  package func readLine(_ editor: inout LineEditor, prompt: String) -> LineEditor.Outcome {
    makeRaw()
    defer { restore() }
    var decoder = KeyDecoder()
    show(editor, prompt)
    while let byte = readByte() {
      guard let key = decoder.feed(byte) else { continue }
      let before = editor
      let outcome = editor.apply(key)
      switch outcome {
      case .editing: show(editor, prompt)
      case .clearScreen:
        write("\u{1B}[H\u{1B}[2J")
        show(editor, prompt)
      case .choices(let words):
        write("\r\n" + Terminal.columns(words, width: width))
        show(editor, prompt)
      case .entered, .interrupted, .ended:
        show(before, prompt)
        write("\r\n")
        return outcome
      }
    }
    return .ended
  }

  /// Columns of the terminal.
  private var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private func show(_ editor: LineEditor, _ prompt: String) {
    let line = ScreenLine(editor, prompt: prompt, width: width)
    let place = line.cursorColumn > 0 ? "\u{1B}[\(line.cursorColumn)C" : ""
    write("\r" + line.text + "\u{1B}[K\r" + place)
  }

  private func readByte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = read(STDIN_FILENO, &byte, 1)
      if count == 1 { return byte }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }

  private func makeRaw() {
    var raw = usual
    raw.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON)
    // Output is left as it is, so that a line end goes back to the left edge.
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    isRaw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0
  }

  private func restore() {
    guard isRaw else { return }
    var usual = usual
    tcsetattr(STDIN_FILENO, TCSADRAIN, &usual)
    isRaw = false
  }

  /// Words side by side, as many as fit.
  static func columns(_ words: [String], width: Int) -> String {
    let cell = (words.map(\.count).max() ?? 0) + 2
    let perRow = max(1, width / cell)
    var text = ""
    for (index, word) in words.enumerated() {
      let isLast = (index + 1) % perRow == 0 || index == words.count - 1
      text += isLast ? word + "\r\n" : word + String(repeating: " ", count: cell - word.count)
    }
    return text
  }
}
