// The statements of before, to be called back with the arrow keys.

package struct History: Sendable {
  /// More than anybody scrolls through.
  package static let countMax = 1000

  /// Oldest first.
  package private(set) var entries: [String] = []
  /// The entry shown; the number of entries while what is typed is shown.
  private var position = 0
  /// What was typed before the first step back.
  private var draft = ""

  /// - Parameter entries: oldest first; the last `countMax` are kept.
  package init(_ entries: [String] = []) {
    self.entries = entries.suffix(History.countMax)
    position = self.entries.count
  }

  /// Adds a statement, unless it is blank or the same as the one before. Returns whether it was added.
  @discardableResult
  package mutating func add(_ statement: String) -> Bool {
    defer { position = entries.count }
    guard statement.contains(where: { !$0.isWhitespace }), statement != entries.last else {
      return false
    }
    entries.append(statement)
    if entries.count > History.countMax { entries.removeFirst() }
    return true
  }

  /// The statement before the one shown; nil when there is none.
  package mutating func previous(instead text: String) -> String? {
    guard position > 0 else { return nil }
    if position == entries.count { draft = text }
    position -= 1
    return entries[position]
  }

  /// The statement after the one shown, what was typed at last; nil when that is shown.
  package mutating func next() -> String? {
    guard position < entries.count else { return nil }
    position += 1
    return position == entries.count ? draft : entries[position]
  }

  /// Shows what is typed again.
  package mutating func leave() { position = entries.count }
}
