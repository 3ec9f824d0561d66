// The messages of a block that pass and have opens or clicks: each with its group and how many. Where neither keys nor
// conditions look at events, this is all there is to know of them.
//
// SAFETY: the scratch holds three times Limits.blockRowCount values, and no range is longer than a block.

internal import Base
internal import Columnar

struct EngagedMessages {
  private let scratch: UnsafeMutableBufferPointer<UInt32>
  private var count = 0

  /// - Parameter scratch: of three blocks of values.
  init(_ scratch: UnsafeMutableBufferPointer<UInt32>) { self.scratch = scratch }

  /// Ascending.
  var messages: UnsafeBufferPointer<UInt32> { part(0) }
  var groups: UnsafeBufferPointer<UInt32> { part(1) }
  var counts: UnsafeBufferPointer<UInt32> { part(2) }

  private func part(_ index: Int) -> UnsafeBufferPointer<UInt32> {
    let start = index * Limits.blockRowCount
    return UnsafeBufferPointer(rebasing: scratch[start..<start + count])
  }

  /// Goes on to the messages of `range`.
  ///
  /// - Parameter counts: by message.
  mutating func show(_ range: Range<Int>, _ counts: [UInt32], _ passing: MessageGroups) {
    guard let messages = scratch.baseAddress else { return }
    let (groups, amounts) = (messages + Limits.blockRowCount, messages + 2 * Limits.blockRowCount)
    count = counts.withUnsafeBufferPointer { counts in
      passing.groups.withUnsafeBufferPointer { groupOfMessage in
        var kept = 0
        let isWhole = passing.isWhole
        var message = range.lowerBound
        while message < range.upperBound {
          let amount = counts[message]
          let group = isWhole ? 0 : groupOfMessage[message]
          messages[kept] = UInt32(truncatingIfNeeded: message)
          groups[kept] = group
          amounts[kept] = amount
          kept &+= (amount != 0 ? 1 : 0) & (group != MessageGroups.none ? 1 : 0)
          message &+= 1
        }
        return kept
      }
    }
  }
}
