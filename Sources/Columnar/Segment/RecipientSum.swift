// An amount of every recipient of a shard, and who has most of it: a question for the first few then looks at hardly
// anybody else.
//
// SAFETY: places are below the count of the values.

package struct RecipientSum: Sendable {
  /// A recipient, by its ordinal, and what it has.
  package struct Share: Equatable, Sendable {
    package let recipient: UInt32
    package let amount: UInt32
  }

  /// So many are kept ready at the most. Of the first hundred of sixteen shards each has half a dozen.
  private static let leaderCountMax = 128

  /// By ordinal.
  package let amounts: [UInt32]
  /// All recipients who have more than `floor`, in the order of their ordinals.
  package let leaders: [Share]
  package let floor: UInt32

  package init(_ amounts: [UInt32], leaderCountMax: Int = leaderCountMax) {
    var (leaders, floor): ([Share], UInt32) = ([], 0)
    amounts.withUnsafeBufferPointer { amounts in
      for place in amounts.indices where amounts[place] > floor {
        leaders.append(
          Share(recipient: UInt32(truncatingIfNeeded: place), amount: amounts[place]))
        if leaders.count > leaderCountMax * 2 {
          floor = RecipientSum.cut(&leaders, to: leaderCountMax)
        }
      }
    }
    if leaders.count > leaderCountMax { floor = RecipientSum.cut(&leaders, to: leaderCountMax) }
    self.amounts = amounts
    self.leaders = leaders.map { $0 }  // In no more memory than it takes.
    self.floor = floor
  }

  /// Bytes of memory.
  var byteCount: Int {
    amounts.capacity * MemoryLayout<UInt32>.stride + leaders.capacity * MemoryLayout<Share>.stride
  }

  /// Drops those with least, until at most `count` are left, and all who have as much as one who is dropped.
  ///
  /// - Returns: the most that one who was dropped has.
  private static func cut(_ leaders: inout [Share], to count: Int) -> UInt32 {
    let floor = leaders.map(\.amount).sorted(by: >)[count]
    leaders.removeAll { $0.amount <= floor }
    return floor
  }
}
