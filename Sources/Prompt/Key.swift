// What a person pressed, whatever bytes the terminal sends for it.

package enum Key: Equatable, Sendable {
  case character(Character)
  case enter
  case tab
  case left, right, up, down
  case wordLeft, wordRight
  case home, end
  case backspace, delete
  /// Ctrl-K, Ctrl-U and Ctrl-W: to the end, to the start, the word before.
  case killToEnd, killToStart, killWord
  /// Ctrl-C.
  case interrupt
  /// Ctrl-D: the end of input on an empty line, else as `delete`.
  case endOfInput
  /// Ctrl-L.
  case clearScreen
}
