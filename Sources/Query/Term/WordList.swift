// Columns whose texts are words of a fixed list. A constant that is none of them is a slip of the pen: the comparison
// would be true for no row, and nobody would know why.

internal import Base

struct WordList {
  /// What the words are, for people.
  let noun: String
  let words: [String]

  /// The list of a column; nil where any text may stand.
  init?(of column: ColumnKey) {
    switch column {
    case .dimension(.kind):
      self.init("kind", EventKind.allCases.map(\.name))
    case .dimension(.bounceClass), .fact(.bounceClass):
      let classes = BounceClass.allCases.filter { $0 != .unspecified }
      self.init("bounce class", classes.map(\.name))
    case .dimension(.machineClass):
      self.init("machine class", MachineClass.allCases.map(\.name))
    case .fact(.status):
      self.init("status", MessageFacts.statuses.map(\.name))
    default: return nil
    }
  }

  private init(_ noun: String, _ names: [StaticString]) {
    self.noun = noun
    words = names.map { "\($0)" }
  }

  /// - Throws: when the text is none of the words.
  func check(_ text: [UInt8], _ place: Place) throws(QueryError) {
    let word = String(decoding: text, as: UTF8.self)
    if words.contains(word) { return }
    throw .unknown(noun, Identifier(word, at: place), among: words)
  }
}
