// Tells most messages that are not among a few by one look at a small table, which stays in the nearest cache where a
// bit for each message of a shard would not.
//
// SAFETY: the table has a byte for every value of an ordinal's lowest bits; callers hand over as many ordinals as they
// say.

internal import Base

struct MessageSieve {
  /// By the lowest bits of a message's ordinal: 1 if some wanted message has them.
  private var table: [UInt8]

  private static let bitCount = 14
  private static let mask: UInt32 = 1 << bitCount - 1
  /// So many messages let one of 64 others through.
  static let messageCountMax = 1 << bitCount / 64

  /// - Parameter messages: those that may pass.
  init(_ messages: [UInt32]) {
    table = [UInt8](repeating: 0, count: 1 << MessageSieve.bitCount)
    for message in messages { table[Int(message & MessageSieve.mask)] = 1 }
  }

  /// So many ordinals are asked at once.
  static let runCount = 8

  /// Hands over the place of each run of ordinals among which may be a wanted one, and how long it is; the last may be
  /// shorter than the others.
  @inline(__always)
  func forEachRun(
    _ ordinals: UnsafePointer<UInt32>, _ count: Int, _ body: (_ start: Int, _ end: Int) -> Void
  ) {
    table.withUnsafeBufferPointer { table in
      var start = 0
      while start &+ MessageSieve.runCount <= count {
        let run = ordinals + start
        var mark = MessageSieve.mark(table, run[0]) | MessageSieve.mark(table, run[1])
        mark |= MessageSieve.mark(table, run[2]) | MessageSieve.mark(table, run[3])
        mark |= MessageSieve.mark(table, run[4]) | MessageSieve.mark(table, run[5])
        mark |= MessageSieve.mark(table, run[6]) | MessageSieve.mark(table, run[7])
        if mark != 0 { body(start, start &+ MessageSieve.runCount) }
        start &+= MessageSieve.runCount
      }
      if start < count { body(start, count) }
    }
  }

  @inline(__always)
  private static func mark(_ table: UnsafeBufferPointer<UInt8>, _ message: UInt32) -> UInt8 {
    table[Int(message & mask)]
  }
}
