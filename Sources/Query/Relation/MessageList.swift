// Some messages of a shard, and runs of them: what is asked about few messages is read of those alone.
//
// SAFETY: ordinals are below the shard's message count, and so are the rows of its columns; targets have room for a
// block and the decoders' slack.

internal import Base
internal import Columnar

/// Some messages of a shard.
struct MessageList: Sendable {
  /// Ascending.
  let messages: [UInt32]
  private let marks: Bitmap
  /// By word of the marks: how many messages lie before it.
  private let ranks: [UInt32]

  /// - Parameter messages: ascending.
  init(_ messages: [UInt32], messageCount: Int) {
    var marks = Bitmap(count: messageCount)
    for message in messages { marks.insert(Int(message)) }
    self.init(messages, marks)
  }

  /// - Parameter marks: what is on the list; it has room for every message.
  init(_ marks: Bitmap) {
    var messages: [UInt32] = []
    marks.forEach { messages.append(UInt32($0)) }
    self.init(messages, marks)
  }

  private init(_ messages: [UInt32], _ marks: Bitmap) {
    self.messages = messages
    self.marks = marks
    var rank: UInt32 = 0
    ranks = marks.withWords { words in
      words.map { word in
        defer { rank += UInt32(word.nonzeroBitCount) }
        return rank
      }
    }
  }

  /// Where a message of the list stands in it.
  @inline(__always)
  func place(of message: Int) -> Int {
    marks.withWords { words in
      let before = words[message >> 6] & (1 << UInt64(message & 63) &- 1)
      return Int(ranks[message >> 6]) &+ before.nonzeroBitCount
    }
  }
}

/// Messages that stand side by side on a list, or in the shard where there is none.
struct MessageRun {
  /// At most a block; without a list they begin where a block does.
  let places: Range<Int>
  let list: MessageList?

  /// Of one in so many rows a block is decoded for less than they are read for one by one.
  private static let rarity = 8

  /// Writes the values of a column of messages.
  func read(_ column: EncodedColumn, into target: UnsafeMutablePointer<UInt64>) {
    guard let list else {
      return column.decode(block: places.lowerBound / Limits.blockRowCount, into: target)
    }
    list.messages.withUnsafeBufferPointer { messages in
      var start = places.lowerBound
      while start < places.upperBound {
        let block = Int(messages[start]) / Limits.blockRowCount
        var end = start + 1
        while end < places.upperBound, Int(messages[end]) / Limits.blockRowCount == block {
          end += 1
        }
        let rows = UnsafeBufferPointer(rebasing: messages[start..<end])
        MessageRun.read(column, rows, of: block, into: target + (start - places.lowerBound))
        start = end
      }
    }
  }

  private static func read(
    _ column: EncodedColumn, _ rows: UnsafeBufferPointer<UInt32>, of block: Int,
    into target: UnsafeMutablePointer<UInt64>
  ) {
    let first = block * Limits.blockRowCount
    if rows.count * rarity < column.blockRowCount(block) {
      return column.pick(rows, from: -first, block: block, into: target)
    }
    let capacity = Limits.blockRowCount + Limits.blockSlack
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { scratch in
      guard let values = scratch.baseAddress else { return }
      column.decode(block: block, into: values)
      for place in rows.indices { target[place] = values[Int(rows[place]) &- first] }
    }
  }
}
