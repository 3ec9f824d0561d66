// The profile of every message of a shard, those of one recipient side by side: what profiles decide is counted by
// recipient in one pass over two bytes a message, without a look at which message it is.
//
// SAFETY: numbers of recipients and profiles are below their counts, which callers' tables have room for.

internal import Synchronization

package final class RecipientProfiles: Sendable {
  private struct Lists: Sendable {
    /// By recipient: where its messages start, and where those of the last one end.
    let starts: [UInt32]
    let numbers: [UInt16]
  }

  private let lists = Mutex<Lists?>(nil)

  /// Nothing is known until it is asked for.
  init() {}

  /// Bytes of memory.
  var byteCount: Int {
    lists.withLock { lists in
      lists.map { $0.starts.capacity * 4 + $0.numbers.capacity * 2 } ?? 0
    }
  }

  /// By recipient: what its messages add up to.
  ///
  /// - Parameters:
  ///   - values: what a message adds, by its profile.
  ///   - profiles: of the shard, the ones that hold these.
  package func sums(
    of values: [UInt64], _ shard: ShardSnapshot, _ profiles: ShardProfiles
  ) -> [UInt64] {
    let lists = known ?? find(shard, profiles)
    return [UInt64](unsafeUninitializedCapacity: lists.starts.count - 1) { sums, count in
      count = lists.starts.count - 1
      lists.numbers.withUnsafeBufferPointer { numbers in
        values.withUnsafeBufferPointer { values in
          var place = 0
          for recipient in 0..<count {
            let end = Int(lists.starts[recipient &+ 1])
            var sum: UInt64 = 0
            while place < end {
              sum &+= values[Int(numbers[place])]
              place &+= 1
            }
            sums[recipient] = sum
          }
        }
      }
    }
  }

  private var known: Lists? { lists.withLock { $0 } }

  private func find(_ shard: ShardSnapshot, _ profiles: ShardProfiles) -> Lists {
    let recipients = shard[.recipient].decodedCodes()
    var starts = [UInt32](repeating: 0, count: shard.recipients.count + 1)
    for recipient in recipients { starts[Int(recipient) &+ 1] &+= 1 }
    for recipient in 0..<starts.count - 1 { starts[recipient &+ 1] &+= starts[recipient] }
    var next = starts
    var numbers = [UInt16](repeating: 0, count: recipients.count)
    for profile in profiles.profiles.indices {
      profiles.forEachMessage(of: profile) { message in
        let recipient = Int(recipients[message])
        numbers[Int(next[recipient])] = UInt16(profile)
        next[recipient] &+= 1
      }
    }
    let found = Lists(starts: starts, numbers: numbers)
    lists.withLock { $0 = found }
    return found
  }
}
