import Base
import Columnar
import TestSupport
import Testing

@Suite("Message tables")
struct MessageTableTests {
  @Test("keys get dense ordinals in the order they first came, also after a restart")
  func ordinals() {
    forAll(count: 10) { random, seed in
      let table = MessageTable(messageCountMax: 5000)
      var model: [[UInt32]: UInt32] = [:]
      func intern(_ table: MessageTable) {
        let key = [random.below(5), random.below(40), random.below(9)].map { UInt32($0) }
        let expected = model[key] ?? UInt32(model.count)
        model[key] = expected
        let ordinal = table.intern(MessageKey(campaign: key[0], recipient: key[1], send: key[2]))
        #expect(ordinal == expected, "\(seed)")
      }
      for _ in 0..<800 { intern(table) }
      let columns = MessageTable.storedColumns.map { column in
        (column, StorageSamples.column(table[column]))
      }
      let copy = MessageTable(messageCountMax: 5000)
      copy.load(Dictionary(uniqueKeysWithValues: columns))
      for _ in 0..<800 { intern(copy) }
      #expect(copy.count == model.count, "\(seed)")
    }
  }

  @Test("new messages have nothing stated, also after a restart")
  func unstated() throws {
    let table = MessageTable(messageCountMax: 100)
    for campaign in 0..<5 {
      _ = table.intern(MessageKey(campaign: UInt32(campaign), recipient: 0, send: 0))
    }
    table.state(.sender, of: 4, as: 7, isFromSend: false, isSmaller: <)
    for encoding in [nil, Encoding.runLength] {
      let columns = MessageTable.storedColumns.map { column in
        (column, StorageSamples.column(table[column], forcing: encoding))
      }
      let copy = MessageTable(messageCountMax: 100)
      copy.load(Dictionary(uniqueKeysWithValues: columns))
      for campaign in 5..<90 {
        _ = copy.intern(MessageKey(campaign: UInt32(campaign), recipient: 0, send: 0))
      }
      #expect(copy[.sender] == [0, 0, 0, 0, 7] + [UInt32](repeating: 0, count: 85))
      #expect(copy[.variant] == [UInt32](repeating: 0, count: 90))
    }
  }

  @Test("a full table refuses new messages and knows the old ones")
  func full() {
    let table = MessageTable(messageCountMax: 2)
    #expect(table.intern(MessageKey(campaign: 1, recipient: 0, send: 0)) == 0)
    #expect(table.intern(MessageKey(campaign: 2, recipient: 0, send: 0)) == 1)
    #expect(table.intern(MessageKey(campaign: 3, recipient: 0, send: 0)) == nil)
    #expect(table.intern(MessageKey(campaign: 2, recipient: 0, send: 0)) == 1)
  }

  @Test("attributes settle on the smallest text, that of sends first, in any order")
  func attributes() {
    // Codes whose texts sort in another order than the codes do.
    let texts: [UInt32: String] = [1: "m", 2: "a", 3: "z", 4: "aa", 5: "b"]
    let isSmaller = { (left: UInt32, right: UInt32) in (texts[left] ?? "") < (texts[right] ?? "") }
    forAll(count: 200) { random, seed in
      let table = MessageTable(messageCountMax: 10)
      _ = table.intern(MessageKey(campaign: 1, recipient: 0, send: 0))
      let statements = (0..<random.below(8)).map { _ in
        (code: UInt32(random.below(6)), isFromSend: random.isHit(0.3))
      }
      for statement in statements {
        table.state(
          .sender, of: 0, as: statement.code, isFromSend: statement.isFromSend,
          isSmaller: isSmaller)
      }
      let stated = statements.filter { $0.code != 0 }
      let sends = stated.filter(\.isFromSend)
      let candidates = (sends.isEmpty ? stated : sends).map(\.code)
      let expected = candidates.min(by: isSmaller) ?? 0
      #expect(table[.sender][0] == expected, "\(statements), \(seed)")
      #expect(table[.variant][0] == 0, "\(seed)")
    }
  }

  @Test("untracked stays untracked and leaves the attributes' marks alone")
  func untracked() {
    let table = MessageTable(messageCountMax: 10)
    _ = table.intern(MessageKey(campaign: 1, recipient: 0, send: 0))
    table.state(.variant, of: 0, as: 3, isFromSend: true) { $0 < $1 }
    table.markUntracked(0)
    table.markUntracked(0)
    #expect(table[.flags][0] == MessageFlags.untracked | MessageFlags.variantFromSend)
  }
}
