// The mail system's part of the story: delivered, deferred, bounced, dropped.

internal import Base

extension EventSimulation {
  /// Tells what the mail system did. False if nobody will see the message.
  mutating func deliver(into story: inout MessageStory) -> Bool {
    switch random.below(10_000) {
    case ..<230: return bounce(into: &story)
    case ..<260:
      story.append(outcome(.dropped, at: story.message.sentAt + 200, of: story.message))
      return false
    case ..<560:
      deferOnce(into: &story)
      deliveredRecord(after: 3_600_000, into: &story)
      return true
    // The receiving server's word is not always recorded.
    case ..<800: return true
    case ..<830:
      deliveredRecord(after: 0, into: &story)
      return bounceLate(into: &story)
    default:
      deliveredRecord(after: 0, into: &story)
      return true
    }
  }

  /// An outcome record; it has an id unless it is `delivered` or `deferred`.
  mutating func outcome(_ kind: EventKind, at time: Int64, of message: Message) -> Record {
    var record = record(kind, at: time, of: message)
    record.flags = .outcome
    return record
  }

  /// Appends an outcome that carries an id, and now and then the same once more.
  mutating func report(_ record: Record, into story: inout MessageStory) {
    story.append(record)
    guard random.below(100) < 3 else { return }
    var copy = record
    copy.flags.insert(.repeated)
    story.append(copy)
  }

  private mutating func deliveredRecord(after delay: Int64, into story: inout MessageStory) {
    let time = story.message.sentAt + delay + DelayTable.delivery.draw(&random)
    story.append(outcome(.delivered, at: time, of: story.message))
  }

  private mutating func deferOnce(into story: inout MessageStory) {
    let time = story.message.sentAt + DelayTable.delivery.draw(&random) % 60_000
    var record = outcome(.deferred, at: time, of: story.message)
    record.detail = UInt8(BounceTable.hard.count + 1)
    story.append(record)
  }

  private mutating func bounceRecord(at time: Int64, into story: inout MessageStory) {
    var record = outcome(.bounced, at: time, of: story.message)
    record.detail = BounceTable.draw(&random)
    report(record, into: &story)
  }

  /// A bounce; sometimes a second one, sometimes contradicted by a delivery receipt that comes later.
  private mutating func bounce(into story: inout MessageStory) -> Bool {
    let time = story.message.sentAt + DelayTable.bounce.draw(&random)
    bounceRecord(at: time, into: &story)
    switch random.below(100) {
    case ..<4: bounceRecord(at: time + 7_200_000, into: &story)
    case ..<7:
      let later = time + 1_800_000 + Int64(random.below(86_400_000))
      story.append(outcome(.delivered, at: later, of: story.message))
      return true
    default: break
    }
    return false
  }

  /// Accepted first, returned hours later: delivered and bounced both.
  private mutating func bounceLate(into story: inout MessageStory) -> Bool {
    let delay = 14_400_000 + Int64(random.below(100_000_000))
    bounceRecord(at: story.message.sentAt + delay, into: &story)
    return false
  }
}
