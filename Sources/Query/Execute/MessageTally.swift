// What every message adds to its group's counts, where neither keys nor conditions look at single events: states, opens
// and clicks. Two counts share a word, so that one visit to a group's place serves both.
//
// SAFETY: amounts and groups have one element per message; scratch holds a block of each. Groups are below the count
// given, or `none`, which is brought down to the place behind the last one.

internal import Base
internal import Columnar

/// What a message adds to a count.
enum MessageAmount {
  /// As much as stands there by message.
  case events([UInt32])
  /// One where something stands there.
  case presence([UInt32])
  /// One where something stands in one or the other.
  case either([UInt32], [UInt32])
  /// One where a state passes.
  case state([UInt32], StateTest)
  /// One where a state has any of these bits.
  case anyState([UInt32], UInt32)
}

struct MessageTally {
  /// Nil for amounts that only show which groups there are.
  private var quantities: [Quantity?] = []
  private var amounts: [MessageAmount] = []
  private let messages: MessageGroups
  private let context: ShardContext
  /// Amounts that share a word: what half a word may not hold has a word of its own.
  private let wordAmountCount: Int
  /// By word, then by group, and one place for messages without a group; twice where even and odd messages count
  /// apart.
  private var sums: [UInt64] = []
  private let placeCount: Int
  private let isApart: Bool

  /// So few groups that neighbours often share one: adding to a place that was just written waits for it.
  private static let apartCountMax = 4096

  init(_ messages: MessageGroups, _ context: ShardContext) {
    self.messages = messages
    self.context = context
    wordAmountCount = context.rowCount <= Int(UInt32.max) ? 2 : 1
    placeCount = messages.count + 1
    isApart = messages.count <= MessageTally.apartCountMax
  }

  /// Asks for an amount to be added up.
  mutating func add(_ amount: MessageAmount, to quantity: Quantity?) {
    quantities.append(quantity)
    amounts.append(amount)
  }

  /// Adds up what was asked for, over all messages that pass.
  mutating func count(into tally: inout Tally) {
    if amounts.isEmpty { return }
    let wordCount = (amounts.count + wordAmountCount - 1) / wordAmountCount
    sums = [UInt64](repeating: 0, count: wordCount * placeCount * (isApart ? 2 : 1))
    let messageCount = context.messageCount
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3 * Limits.blockRowCount) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      context.query.forEachBlock(of: messageCount) { count($0, scratch) }
    }
    for first in stride(from: 0, to: amounts.count, by: wordAmountCount) { finish(first, &tally) }
  }

  private mutating func count(_ range: Range<Int>, _ scratch: UnsafeMutablePointer<UInt32>) {
    let (low, high) = (scratch, scratch + Limits.blockRowCount)
    let groups = high + Limits.blockRowCount
    guard !messages.hasGaps || fillGroups(groups, range) else { return }
    for first in stride(from: 0, to: amounts.count, by: wordAmountCount) {
      amounts[first].fill(low, range)
      let isPair = wordAmountCount == 2 && first + 1 < amounts.count
      if isPair { amounts[first + 1].fill(high, range) }
      let place = first / wordAmountCount * placeCount * (isApart ? 2 : 1)
      if messages.isWhole {
        sums[place] &+= MessageTally.sum(low, range.count)
        if isPair { sums[place] &+= MessageTally.sum(high, range.count) << 32 }
      } else {
        if !isPair { high.update(repeating: 0, count: range.count) }
        messages.groups.withUnsafeBufferPointer { all in
          guard let all = all.baseAddress else { return }
          let groups = messages.hasGaps ? UnsafePointer(groups) : all + range.lowerBound
          add(low, high, groups, range.count, at: place)
        }
      }
    }
  }

  /// - Returns: whether some message of the range has a group.
  private func fillGroups(_ groups: UnsafeMutablePointer<UInt32>, _ range: Range<Int>) -> Bool {
    messages.groups.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress.map({ $0 + range.lowerBound }) else { return false }
      let last = UInt32(placeCount - 1)
      var (index, lowest) = (0, last)
      while index < range.count {
        let group = min(source[index], last)
        groups[index] = group
        lowest = min(lowest, group)
        index &+= 1
      }
      return lowest < last
    }
  }

  private static func sum(_ amounts: UnsafePointer<UInt32>, _ count: Int) -> UInt64 {
    var (index, sum): (Int, UInt64) = (0, 0)
    while index < count {
      sum &+= UInt64(amounts[index])
      index &+= 1
    }
    return sum
  }

  private mutating func add(
    _ low: UnsafePointer<UInt32>, _ high: UnsafePointer<UInt32>, _ groups: UnsafePointer<UInt32>,
    _ count: Int, at place: Int
  ) {
    let apart = isApart ? placeCount : 0
    sums.withUnsafeMutableBufferPointer { sums in
      guard let even = sums.baseAddress.map({ $0 + place }) else { return }
      let odd = even + apart
      var index = 0
      while index &+ 1 < count {
        let next = index &+ 1
        even[Int(groups[index])] &+= UInt64(low[index]) | UInt64(high[index]) << 32
        odd[Int(groups[next])] &+= UInt64(low[next]) | UInt64(high[next]) << 32
        index &+= 2
      }
      if index < count {
        even[Int(groups[index])] &+= UInt64(low[index]) | UInt64(high[index]) << 32
      }
    }
  }

  /// Hands over the sums of the amounts that share a word.
  private mutating func finish(_ first: Int, _ tally: inout Tally) {
    let start = first / wordAmountCount * placeCount * (isApart ? 2 : 1)
    let count = placeCount - 1
    sums.withUnsafeMutableBufferPointer { sums in
      if isApart {
        for place in start..<start + count { sums[place] &+= sums[place &+ placeCount] }
      }
      let sums = UnsafeBufferPointer(rebasing: sums[start..<start + count])
      tally.see(whereAny: sums)
      if wordAmountCount == 1 {
        if let quantity = quantities[first] { tally.add(sums, to: quantity) { $0 } }
        return
      }
      if let quantity = quantities[first] { tally.add(sums, to: quantity) { $0 & 0xFFFF_FFFF } }
      if first + 1 < quantities.count, let quantity = quantities[first + 1] {
        tally.add(sums, to: quantity) { $0 >> 32 }
      }
    }
  }
}

extension MessageAmount {
  /// Writes what each message of a range adds.
  fileprivate func fill(_ target: UnsafeMutablePointer<UInt32>, _ range: Range<Int>) {
    switch self {
    case .events(let counts):
      MessageAmount.map(counts, target, range) { $0 }
    case .presence(let counts):
      MessageAmount.map(counts, target, range) { $0 != 0 ? 1 : 0 }
    case .either(let counts, let others):
      MessageAmount.map(counts, target, range) { $0 }
      others.withUnsafeBufferPointer { others in
        guard let others = others.baseAddress.map({ $0 + range.lowerBound }) else { return }
        for index in 0..<range.count { target[index] = target[index] | others[index] != 0 ? 1 : 0 }
      }
    case .state(let states, let test):
      MessageAmount.map(states, target, range) { test.passes($0) ? 1 : 0 }
    case .anyState(let states, let mask):
      MessageAmount.map(states, target, range) { $0 & mask != 0 ? 1 : 0 }
    }
  }

  @inline(__always)
  private static func map(
    _ values: [UInt32], _ target: UnsafeMutablePointer<UInt32>, _ range: Range<Int>,
    _ body: (UInt32) -> UInt32
  ) {
    values.withUnsafeBufferPointer { values in
      guard let source = values.baseAddress.map({ $0 + range.lowerBound }) else { return }
      var index = 0
      while index < range.count {
        target[index] = body(source[index])
        index &+= 1
      }
    }
  }
}
