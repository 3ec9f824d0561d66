// Columns that hold words of a fixed list, and the lists. docs/SEMANTICS.md, "Types and operators".

enum ModelWords {
  /// By the column's full name; nil where any text may stand.
  static func of(_ column: String) -> [String]? {
    switch column {
    case "kind": kinds
    case "status":
      """
      complained unsubscribed converted replied clicked opened delivered bounced dropped deferred
      """.words
    case "bounce_class": ["hard", "soft", "block", "unknown"]
    case "machine_class": ["human", "privacy_proxy", "prefetch", "scanner", "robot", "head"]
    default: nil
    }
  }

  private static let kinds = """
    sent delivered deferred bounced dropped opened clicked unsubscribed complained converted \
    replied responded
    """.words

  /// Refuses a constant that a side could never be equal to.
  static func check(_ left: ModelBound, _ right: ModelBound) throws {
    for (side, other) in [(left, right), (right, left)] {
      guard let words = side.words, let text = other.constant, !words.contains(text) else {
        continue
      }
      throw ModelRefusal.nonsense("'\(text)' is none of \(words)")
    }
  }
}
