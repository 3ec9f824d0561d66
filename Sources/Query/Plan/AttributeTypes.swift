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
      let table = makeTable(codes(dimension))
      tables[dimension] = table
      return table
    }
    return table.isEmpty ? nil : table
  }

  private func codes(_ dimension: Dimension) -> Set<UInt32> {
    switch dimension {
    case .campaignAttribute(let index): return Set(snapshot.campaignAttributes[index].codes)
    case .linkAttribute(let index): return Set(snapshot.linkAttributes[index].codes)
    case .recipientAttribute(let index):
      return snapshot.shards.reduce(into: []) { codes, shard in
        guard index < shard.recipientAttributes.count else { return }
        codes.formUnion(shard.recipientAttributes[index].decodedCodes())
      }
    default: return []
    }
  }

  private func makeTable(_ codes: Set<UInt32>) -> [UInt64] {
    // Without any value it is text.
    guard let largest = codes.max(), largest > 0 else { return [] }
    var table = [UInt64](repeating: 0, count: Int(largest) + 1)
    for code in codes where code != 0 {
      let text = snapshot[.attribute][code - 1].text
      guard let number = Int64(text), String(number) == text, number != .min else { return [] }
      table[Int(code)] = Cell.word(number)
    }
    return table
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
