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

  /// The codes an attribute has.
  private func codes(_ dimension: Dimension) -> Bitmap {
    var codes = Bitmap(count: snapshot[.attribute].count + 1)
    switch dimension {
    case .campaignAttribute(let index):
      for code in snapshot.campaignAttributes[index].codes { codes.insert(Int(code)) }
    case .linkAttribute(let index):
      for code in snapshot.linkAttributes[index].codes { codes.insert(Int(code)) }
    case .recipientAttribute(let index):
      for shard in snapshot.shards where index < shard.recipientAttributes.count {
        for code in shard.recipientAttributes[index].decodedCodes() { codes.insert(Int(code)) }
      }
    default: break
    }
    return codes
  }

  private func makeTable(_ codes: Bitmap) -> [UInt64] {
    var table: [UInt64] = [0]
    var isText = false
    codes.forEach { code in
      guard code > 0, !isText else { return }
      let text = snapshot[.attribute][UInt32(code) - 1].text
      if let number = Int64(text), String(number) == text, number != .min {
        table.append(contentsOf: repeatElement(0, count: code - table.count))
        table.append(Cell.word(number))
      } else {
        isText = true
      }
    }
    // Without any value it is text.
    return isText || table.count == 1 ? [] : table
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
