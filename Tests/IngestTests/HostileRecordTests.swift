import Base
import Columnar
import Ingest
import Testing

@Suite("Records of a log that nobody of us wrote")
struct HostileRecordTests {
  @Test(
    "a time beyond all times is refused",
    arguments: [Int64.max, .min, Columnar.Limits.timeMagnitudeMax + 1])
  func times(time: Int64) {
    #expect(take(HostileRecordTests.event(at: time)) != nil)
  }

  @Test("the same record with a usual time is taken")
  func usual() {
    #expect(take(HostileRecordTests.event(at: 1_772_000_000_000)) == nil)
    #expect(take(HostileRecordTests.event(at: -Columnar.Limits.timeMagnitudeMax)) == nil)
  }

  @Test("a string with the last number of all is refused")
  func numbers() {
    var writer = ByteWriter()
    writer.append(UInt32(1))
    writer.append(SharedDictionary.campaign.rawValue)
    writer.append(UInt32.max)
    writer.append(UInt32(1))
    writer.append(UInt32(1))
    writer.append(UInt8(97))
    writer.append(UInt32(0))
    #expect(take(writer.bytes) != nil)
  }

  private func take(_ record: [UInt8]) -> String? {
    let shards = (0..<Columnar.Limits.shardCount).map { _ in
      Shard(
        ShardState(
          recipients: KeyDictionary(countMax: 10), statedDomains: ShardState.emptyColumn(),
          attributes: [], messages: MessageTable(), segments: [],
          configuration: ShardConfiguration()))
    }
    let replay = Replay(shared: SharedState(), shards: shards, threadCount: 1)
    let reason = record.withUnsafeBufferPointer { replay.take(ByteSlice($0)) }
    replay.apply()
    return reason
  }

  /// An open by `a`, as docs/formats/wal.md draws it.
  private static func event(at time: Int64) -> [UInt8] {
    var writer = ByteWriter()
    // Neither strings nor notes nor statements; one event with a time, a kind and a recipient.
    for number: UInt32 in [0, 0, 0, 1, 0b111] { writer.append(number) }
    writer.append(time)
    writer.append(EventKind.opened.rawValue)
    writer.append(UInt32(1))
    writer.append(UInt8(97))
    return writer.bytes
  }
}
