// What one shard counts, by group: quantities, which groups were seen, and the distinct sets behind unique counts.
//
// SAFETY: group numbers are below the count that `grow` was last told; members are below the counts given at the start.

internal import Base
internal import Columnar

struct Tally {
  /// By Quantity, then by group; empty for quantities nobody asked for.
  private(set) var counts: [[Int64]]
  private(set) var isSeen: [Bool] = []
  private let quantities: Set<Quantity>
  /// Distinct messages where the message decides the group: one bit per message.
  private var messageBits: [Bitmap?]
  /// Distinct messages or recipients elsewhere.
  private var pairs: [DistinctPairs]
  /// Distinct messages of events of which there are many, and those events.
  private var distinct: [DistinctMessages?]
  private let messageCount: Int

  init(_ quantities: Set<Quantity>, messageCount: Int) {
    self.quantities = quantities
    self.messageCount = messageCount
    counts = Quantity.allCases.map { _ in [] }
    messageBits = Quantity.allCases.map { _ in nil }
    pairs = Quantity.allCases.map { _ in DistinctPairs() }
    distinct = Quantity.allCases.map { _ in nil }
  }

  /// Makes ready for a quantity's many events, which then go to `insertEvents`.
  ///
  /// - Parameter countMax: how many come at the most.
  mutating func expectEvents(_ quantity: Quantity, countMax: Int) {
    distinct[quantity.rawValue] = DistinctMessages(
      messageCount: messageCount, eventCountMax: countMax)
    distinct[quantity.rawValue]?.grow(to: isSeen.count)
  }

  /// Makes ready for a quantity's events all of which come with marks.
  mutating func expectMarkedEvents(_ quantity: Quantity) {
    distinct[quantity.rawValue] = DistinctMessages(messageCount: 0, eventCountMax: 0)
    distinct[quantity.rawValue]?.grow(to: isSeen.count)
  }

  func expectsEvents(_ quantity: Quantity) -> Bool { distinct[quantity.rawValue] != nil }

  /// Notes the message of each row of a block in the row's group.
  ///
  /// - Parameters:
  ///   - event: 1 if the rows count as the quantity's events (`Quantity.events`), too; else 0.
  ///   - scratch: room for a block's rows.
  mutating func insertEvents(
    _ quantity: Quantity, _ selection: Selection, _ messages: UnsafePointer<UInt32>, event: UInt64,
    scratch: UnsafeMutableBufferPointer<UInt32>
  ) {
    distinct[quantity.rawValue]?.insert(selection, messages, event: event, scratch: scratch)
  }

  /// Notes rows of which is known whether their messages are new in their groups; else as above.
  mutating func insertEvents(
    _ quantity: Quantity, _ selection: Selection, _ marks: RowMarks, _ block: EventBlock,
    event: UInt64
  ) {
    distinct[quantity.rawValue]?.insert(selection, marks, block, event: event)
  }

  func isWanted(_ quantity: Quantity) -> Bool { quantities.contains(quantity) }

  /// Makes room for groups that are new.
  mutating func grow(to groupCount: Int) {
    let missing = groupCount - isSeen.count
    guard missing > 0 else { return }
    isSeen.append(contentsOf: repeatElement(false, count: missing))
    for quantity in quantities {
      counts[quantity.rawValue].append(contentsOf: repeatElement(0, count: missing))
      distinct[quantity.rawValue]?.grow(to: groupCount)
    }
  }

  /// Notes that groups have rows.
  mutating func see(_ groups: UnsafeBufferPointer<UInt32>) {
    isSeen.withUnsafeMutableBufferPointer { isSeen in
      for group in groups { isSeen[Int(group)] = true }
    }
  }

  /// Notes that a group has rows.
  mutating func see(_ group: UInt32) { isSeen[Int(group)] = true }

  /// The groups that have rows, ascending.
  var seenGroups: [UInt32] {
    isSeen.withUnsafeBufferPointer { isSeen in
      [UInt32](unsafeUninitializedCapacity: isSeen.count) { groups, count in
        for group in isSeen.indices {
          groups[count] = UInt32(truncatingIfNeeded: group)
          count &+= isSeen[group] ? 1 : 0
        }
      }
    }
  }

  /// Adds one to each group's count.
  mutating func count(_ quantity: Quantity, _ groups: UnsafeBufferPointer<UInt32>) {
    counts[quantity.rawValue].withUnsafeMutableBufferPointer { counts in
      for group in groups { counts[Int(group)] &+= 1 }
    }
  }

  /// Adds an amount to each group's count.
  mutating func count(
    _ quantity: Quantity, _ groups: UnsafeBufferPointer<UInt32>,
    _ amounts: UnsafeBufferPointer<UInt32>
  ) {
    counts[quantity.rawValue].withUnsafeMutableBufferPointer { counts in
      for index in groups.indices { counts[Int(groups[index])] &+= Int64(amounts[index]) }
    }
  }

  /// Notes the groups, from the first on, for which something stands there.
  mutating func see(whereAny sums: UnsafeBufferPointer<UInt64>) {
    isSeen.withUnsafeMutableBufferPointer { isSeen in
      for group in sums.indices { isSeen[group] = isSeen[group] || sums[group] != 0 }
    }
  }

  /// Adds to the count of every group, from the first on, the part of a sum that counts for it.
  @inline(__always)
  mutating func add(
    _ sums: UnsafeBufferPointer<UInt64>, to quantity: Quantity, part: (UInt64) -> UInt64
  ) {
    counts[quantity.rawValue].withUnsafeMutableBufferPointer { counts in
      for group in sums.indices { counts[group] &+= Int64(bitPattern: part(sums[group])) }
    }
  }

  /// Adds an amount to a group's count.
  mutating func add(_ amount: Int64, to quantity: Quantity, _ group: Int) {
    counts[quantity.rawValue][group] &+= amount
  }

  /// Notes messages, whose groups follow from them.
  mutating func insertMessages(
    _ quantity: Quantity, _ messages: UnsafePointer<UInt32>, _ rows: UnsafeBufferPointer<UInt32>
  ) {
    // Taken out and put back, so that setting a bit costs no look-up.
    var bits = messageBits[quantity.rawValue] ?? Bitmap(count: messageCount)
    messageBits[quantity.rawValue] = nil
    for row in rows { bits.insert(Int(messages[Int(row)])) }
    messageBits[quantity.rawValue] = bits
  }

  /// Notes messages, whose groups follow from them.
  mutating func insertMessages(_ quantity: Quantity, _ messages: UnsafeBufferPointer<UInt32>) {
    var bits = messageBits[quantity.rawValue] ?? Bitmap(count: messageCount)
    messageBits[quantity.rawValue] = nil
    for message in messages { bits.insert(Int(message)) }
    messageBits[quantity.rawValue] = bits
  }

  /// Notes that each row's group has the row's member.
  mutating func insertPairs(
    _ quantity: Quantity, _ groups: UnsafeBufferPointer<UInt32>,
    _ rows: UnsafeBufferPointer<UInt32>, member: (Int) -> UInt32
  ) {
    pairs[quantity.rawValue].append(groups, rows, member: member)
  }

  /// Notes that a group has a member.
  mutating func insertPair(_ quantity: Quantity, _ group: UInt32, _ member: UInt32) {
    pairs[quantity.rawValue].insert(group, member)
  }

  /// Turns the distinct sets into counts.
  mutating func finish(_ messages: MessageGroups, recipientCount: Int) {
    for quantity in quantities {
      let index = quantity.rawValue
      if let bits = messageBits[index] {
        if messages.isWhole {
          counts[index][0] &+= Int64(bits.count)
        } else {
          counts[index].withUnsafeMutableBufferPointer { counts in
            messages.groups.withUnsafeBufferPointer { groups in
              bits.forEach { counts[Int(groups[$0])] &+= 1 }
            }
          }
        }
      }
      pairs[index].count(
        into: &counts[index],
        memberCount: quantity.isOfRecipients ? recipientCount : messageCount)
      finishEvents(quantity)
    }
  }

  private mutating func finishEvents(_ quantity: Quantity) {
    guard let found = distinct[quantity.rawValue] else { return }
    let (events, messages) = (quantity.events?.rawValue, quantity.rawValue)
    found.countOthers(into: &counts[messages], messageCount: messageCount)
    found.forEachGroup { group, eventCount, newCount in
      if let events, !counts[events].isEmpty { counts[events][group] &+= eventCount }
      counts[messages][group] &+= newCount
      if eventCount != 0 || counts[messages][group] != 0 { isSeen[group] = true }
    }
  }
}

extension Quantity {
  /// The events that make messages count for it, unless clicks stand for opens.
  var events: Quantity? {
    switch self {
    case .uniqueOpens: .opens
    case .uniqueClicks: .clicks
    default: nil
    }
  }

  var isOfRecipients: Bool { self == .recipients || self == .openers || self == .clickers }

  /// The message states it counts, for those that count states.
  var stateTest: StateTest? {
    let (sent, delivered) = (MessageState.sent, MessageState.delivered)
    let untracked = MessageState.untracked
    switch self {
    case .sent: return StateTest(mask: sent, value: sent)
    case .delivered: return StateTest(mask: delivered, value: delivered)
    case .bounced: return StateTest(mask: MessageState.bounced, value: MessageState.bounced)
    case .hardBounced: return Quantity.bounceTest(.hard)
    case .softBounced: return Quantity.bounceTest(.soft)
    case .blockBounced: return Quantity.bounceTest(.block)
    case .sentTracked: return StateTest(mask: sent | untracked, value: sent)
    case .deliveredTracked: return StateTest(mask: delivered | untracked, value: delivered)
    case .deliveredUntracked:
      return StateTest(mask: delivered | untracked, value: delivered | untracked)
    case .undelivered: return StateTest(mask: sent | delivered, value: sent)
    default: return nil
    }
  }

  private static func bounceTest(_ bounceClass: BounceClass) -> StateTest {
    let shift = MessageState.classShift
    return StateTest(
      mask: MessageState.bounced | 7 << shift,
      value: MessageState.bounced | UInt32(bounceClass.rawValue) << shift)
  }
}
