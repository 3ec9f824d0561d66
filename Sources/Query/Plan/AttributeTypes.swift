// Which attributes are numbers: those whose every value is a whole number, written the one way there is. `07` is no
// number: it would be shown as 7, which may be another group.

internal import Base
internal import Columnar
internal import Synchronization

final class AttributeTypes: Sendable {
  private let snapshot: Snapshot
  /// The word of every attribute code, for attributes that are numbers; empty for the others.
  private let tables = Mutex<[Dimension: [UInt64]]>([:])

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  func type(of dimension: Dimension) -> TermType {
    wholeNumbers(dimension) == nil ? TermType(dimension.resultType) : .integer
  }

  /// The number behind every code of an attribute; nil for attributes that are texts and for other dimensions.
  func wholeNumbers(_ dimension: Dimension) -> [UInt64]? {
    guard dimension.isAttribute else { return nil }
    let table = tables.withLock { tables in
      if let known = tables[dimension] { return known }
      let table = makeTable(dimension)
      tables[dimension] = table
      return table
    }
    return table.isEmpty ? nil : table
  }

  private func makeTable(_ dimension: Dimension) -> [UInt64] {
    var numbers = WholeNumbers(snapshot[.attribute])
    switch dimension {
    case .campaignAttribute(let index): numbers.add(snapshot.campaignAttributes[index].codes)
    case .linkAttribute(let index): numbers.add(snapshot.linkAttributes[index].codes)
    case .recipientAttribute(let index):
      for shard in snapshot.shards where index < shard.recipientAttributes.count {
        let column = shard.recipientAttributes[index]
        for block in column.blocks.indices where !numbers.hasText {
          numbers.add(column.decodedCodes(block: block))
        }
      }
    default: break
    }
    return numbers.table
  }
}

/// The numbers behind the codes of an attribute, as long as none is a text.
private struct WholeNumbers {
  private let texts: DictionaryPrefix
  private var known: Bitmap
  private var words: [UInt64] = [0]
  private(set) var hasText = false

  init(_ texts: DictionaryPrefix) {
    self.texts = texts
    known = Bitmap(count: texts.count + 1)
  }

  /// By code; without any value it is text.
  var table: [UInt64] { hasText || words.count == 1 ? [] : words }

  mutating func add(_ codes: [UInt32]) {
    for code in codes where code != 0 && !known.contains(Int(code)) {
      known.insert(Int(code))
      let text = texts[code - 1].text
      guard let number = Int64(text), String(number) == text, number != .min else {
        hasText = true
        return
      }
      let missing = max(0, Int(code) + 1 - words.count)
      words.append(contentsOf: repeatElement(0, count: missing))
      words[Int(code)] = Cell.word(number)
    }
  }
}

extension Dimension {
  var isAttribute: Bool {
    switch self {
    case .campaignAttribute, .recipientAttribute, .linkAttribute: true
    default: false
    }
  }
}
