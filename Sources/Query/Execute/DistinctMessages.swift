// Counts events and distinct (group, message) pairs in one go. A message has few groups mostly: its first four stand
// in one word beside each other, where looking for a group is a handful of instructions without a branch. What does
// not fit, because the message has more groups or the group's number is too large, becomes a pair for
// `DistinctPairs`: no pair is ever in both places.
//
// Where marks tell which messages are new (`FirstMarks`), nothing is looked for at all.
//
// SAFETY: every row that comes with marks is one of those they were made of. Groups are below the count that `grow`
// was last told and messages below the count given at the start.

internal import Base
internal import Columnar

struct DistinctMessages {
  /// By message: up to four groups, each plus one, in 16 bits; 0 where there is none.
  private var known: [UInt64]
  /// By group, a place for even rows and one for odd ones: events in the lower half, messages that were new in the
  /// upper one. Two places, because adding to one that was just written waits for it.
  private var sums: [UInt64] = []
  private var others = DistinctPairs()

  private static let ones: UInt64 = 0x0001_0001_0001_0001
  private static let tops: UInt64 = 0x8000_8000_8000_8000

  /// Groups beyond have numbers that do not fit.
  private static let groupCountMax = 0xFFFF
  private let eventCountMax: Int

  /// - Parameter eventCountMax: how many events come at the most.
  init(messageCount: Int, eventCountMax: Int) {
    known = [UInt64](repeating: 0, count: messageCount)
    self.eventCountMax = eventCountMax
  }

  /// Makes room for groups that are new.
  mutating func grow(to groupCount: Int) {
    guard groupCount * 2 > sums.count else { return }
    sums.append(contentsOf: repeatElement(0, count: groupCount * 2 - sums.count))
  }

  /// Notes the message of each row in the row's group.
  ///
  /// - Parameters:
  ///   - event: 1 if the rows count as events, too; else 0.
  ///   - scratch: room for a block's rows.
  mutating func insert(
    _ selection: Selection, _ messages: UnsafePointer<UInt32>, event: UInt64,
    scratch: UnsafeMutableBufferPointer<UInt32>
  ) {
    let (groups, rows) = (selection.groups, selection.rows)
    let left =
      sums.count / 2 < DistinctMessages.groupCountMax
      ? look(groups, rows, messages, event, scratch, mayExceed: false)
      : look(groups, rows, messages, event, scratch, mayExceed: true)
    if left == 0 { return }
    others.reserve(eventCountMax)
    for index in 0..<left {
      let position = Int(scratch[index])
      others.insert(groups[position], messages[Int(rows[position])])
    }
  }

  /// Notes rows of which is known whether their messages are new in their groups.
  ///
  /// - Parameter event: as above.
  mutating func insert(
    _ selection: Selection, _ marks: RowMarks, _ block: EventBlock, event: UInt64
  ) {
    let start = block.segmentRow(0) - marks.start
    if block.isNarrow {
      insert(selection, marks, event) { block.segmentRow($0) - marks.start }
    } else {
      insert(selection, marks, event) { start &+ $0 }
    }
  }

  @inline(__always)
  private mutating func insert(
    _ selection: Selection, _ marks: RowMarks, _ event: UInt64, place: (Int) -> Int
  ) {
    let (groups, rows) = (selection.groups, selection.rows)
    sums.withUnsafeMutableBufferPointer { sums in
      marks.bits.withWords { words in
        var index = 0
        while index < rows.count {
          let bit = place(Int(rows[index]))
          let isNew = words[bit >> 6] &>> UInt64(bit & 63) & 1
          sums[Int(groups[index]) &* 2 &+ index & 1] &+= event &+ isNew << 32
          index &+= 1
        }
      }
    }
  }

  /// - Parameter mayExceed: whether there may be groups with numbers that are too large.
  /// - Returns: how many rows are left; `scratch` has their positions.
  @inline(__always)
  private mutating func look(
    _ groups: UnsafeBufferPointer<UInt32>, _ rows: UnsafeBufferPointer<UInt32>,
    _ messages: UnsafePointer<UInt32>, _ event: UInt64,
    _ scratch: UnsafeMutableBufferPointer<UInt32>, mayExceed: Bool
  ) -> Int {
    known.withUnsafeMutableBufferPointer { known in
      sums.withUnsafeMutableBufferPointer { sums in
        let (ones, tops) = (DistinctMessages.ones, DistinctMessages.tops)
        var (index, left) = (0, 0)
        while index < rows.count {
          let message = Int(messages[Int(rows[index])])
          let group = groups[index]
          let word = known[message]
          let code = UInt64(group) &+ 1
          let differences = word ^ (code &* ones)
          var found = (differences &- ones) & ~differences & tops
          var full = word >> 48
          if mayExceed, code > 0xFFFF { (found, full) = (0, 1) }
          let isNew: UInt64 = found | full == 0 ? 1 : 0
          known[message] = isNew != 0 ? word << 16 | code : word
          sums[Int(group) &* 2 &+ index & 1] &+= event &+ isNew << 32
          scratch[left] = UInt32(truncatingIfNeeded: index)
          left &+= found == 0 ? Int(truncatingIfNeeded: isNew ^ 1) : 0
          index &+= 1
        }
        return left
      }
    }
  }

  /// Hands over each group's events and its messages that were new.
  func forEachGroup(_ body: (_ group: Int, _ events: Int64, _ messages: Int64) -> Void) {
    for group in 0..<sums.count / 2 {
      let sum = sums[group * 2] &+ sums[group * 2 + 1]
      body(group, Int64(sum & 0xFFFF_FFFF), Int64(sum >> 32))
    }
  }

  /// Adds, for each group, the messages that are not among those.
  func countOthers(into counts: inout [Int64], messageCount: Int) {
    others.count(into: &counts, memberCount: messageCount)
  }
}
