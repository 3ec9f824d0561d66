// The codes of a message dimension, run by run: those that are columns as they are stored, the others by what the
// message's recipient, campaign or state says.
//
// SAFETY: targets have room for a block and the decoders' slack; maps are asked below their counts.

internal import Base
internal import Columnar

struct MessageCodes {
  private let form: Form
  private let column: EncodedColumn
  private let states: EncodedColumn

  private enum Form {
    case same
    /// Ordinals of recipients.
    case ordinals
    case tracked
    /// By the column's value; values beyond have none.
    case mapped([UInt32])
    /// Sent times.
    case times(BucketClock, unsent: UInt64)
  }

  init(_ dimension: Dimension, _ context: ShardContext) {
    let shard = context.shard
    states = shard[.state]
    switch dimension {
    case .recipient: (form, column) = (.ordinals, shard[.recipient])
    case .tracked: (form, column) = (.tracked, shard[.state])
    case .domain:
      (form, column) = (.mapped(shard.recipientDomains.decodedCodes()), shard[.recipient])
    case .recipientAttribute(let index):
      let attributes = shard.recipientAttributes
      let codes = index < attributes.count ? attributes[index].decodedCodes() : []
      (form, column) = (.mapped(codes), shard[.recipient])
    case .campaignAttribute:
      (form, column) = (.mapped(context.query.attributeCodes(dimension) ?? []), shard[.campaign])
    case .sentBucket(let bucket):
      let unsent = TimeBias.store(context.query.times.lowerBound)
      (form, column) = (.times(context.query.clock(bucket), unsent: unsent), shard[.sentTime])
    default:
      guard let stored = dimension.messageColumn else {
        preconditionFailure("\(dimension) is no message dimension")
      }
      (form, column) = (.same, shard[stored])
    }
  }

  /// Writes the code of each message of a run.
  func read(_ run: MessageRun, into target: UnsafeMutablePointer<Code>) {
    run.read(column, into: target)
    let count = run.places.count
    switch form {
    case .same: return
    case .ordinals: for row in 0..<count { target[row] &+= 1 }
    case .tracked:
      for row in 0..<count {
        target[row] = target[row] & UInt64(MessageState.untracked) == 0 ? 2 : 1
      }
    case .mapped(let map):
      map.withUnsafeBufferPointer { map in
        for row in 0..<count {
          let key = Int(target[row])
          target[row] = key < map.count ? Code(map[key]) : 0
        }
      }
    case .times(let clock, let unsent): toBuckets(run, target, clock, unsent)
    }
  }

  private func toBuckets(
    _ run: MessageRun, _ target: UnsafeMutablePointer<Code>, _ clock: BucketClock, _ unsent: UInt64
  ) {
    let count = run.places.count
    let capacity = Limits.blockRowCount + Limits.blockSlack
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * capacity) { scratch in
      guard let states = scratch.baseAddress else { return }
      let times = states + capacity
      run.read(self.states, into: states)
      // A message that was not sent has some time or none at all; any of the range will do, for its code is dropped.
      for row in 0..<count {
        times[row] = states[row] & UInt64(MessageState.sent) == 0 ? unsent : target[row]
      }
      clock.fill(target, times, count: count)
      for row in 0..<count where states[row] & UInt64(MessageState.sent) == 0 { target[row] = 0 }
    }
  }
}
