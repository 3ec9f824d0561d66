import Base
import Columnar
import Ingest
import TestSupport
import Testing

@Suite("Shards taking events")
struct ShardTests {
  @Test("an event with an id counts once for its message and kind, also after a restart")
  func identities() {
    let folder = TemporaryFolder()
    func event(_ kind: String, _ recipient: String, _ id: String) -> String {
      "{\"time\":\"2026-03-14\",\"kind\":\"\(kind)\",\"campaign\":\"c\","
        + "\"recipient\":\"\(recipient)\",\"id\":\"\(id)\"}\n"
    }
    let text =
      event("opened", "a", "1") + event("opened", "a", "1") + event("clicked", "a", "1")
      + event("opened", "b", "1") + event("opened", "a", "2")
    let loading = Loading([folder.write("events.ndjson", text)])
    #expect(loading.tally.shards.added == 4 && loading.tally.shards.repeated == 1)
    #expect(loading.events.count == 4)
  }

  @Test("a reopened shard goes on where it was: rows, repeats and sizes of segments")
  func reopening() {
    var configuration = ShardConfiguration()
    configuration.segmentRowCountMax = 8
    var segments: [Segment] = []
    var total = 0
    for count in [3, 3, 1, 9, 2, 0, 20] {
      var builder = SegmentBuilder(rowCountMax: 32)
      for index in 0..<count {
        var row = EventRow()
        row.kind = EventKind.opened.rawValue
        row.time = Int64(total + index)
        builder.append(row)
      }
      if count > 0 { segments.append(builder.seal()) }
      total += count
      var state = ShardState(
        recipients: KeyDictionary(countMax: 10), statedDomains: StableBuffer(capacity: 10),
        attributes: [], messages: MessageTable(messageCountMax: 10), segments: segments,
        configuration: configuration)
      state.seal()
      let rowCount = state.segments.reduce(0) { $0 + $1.rowCount }
      #expect(rowCount == total)
      let isChanged = state.isChanged
      #expect(!isChanged)
      var times: [Int64] = []
      for segment in state.segments { segment.forEachRow { times.append($0.time) } }
      #expect(times.sorted() == (0..<Int64(total)).map { $0 })
    }
  }

  @Test("a new recipient has no domain yet, and counts as a change")
  func recipients() {
    var state = ShardState(configuration: ShardConfiguration())
    let first = Array("a@example.org".utf8).withUnsafeBufferPointer { buffer in
      state.recipient(ByteSlice(buffer), hash: Hash.keyed(ByteSlice(buffer)))
    }
    let (count, domain, isChanged) = (
      state.recipients.count, state.statedDomains[0], state.isChanged
    )
    #expect(first == 0 && count == 1 && domain == 0 && isChanged)
    state.stateAttribute(2, of: 0, as: 5)
    let attributes = state.attributes.map(\.count)
    #expect(attributes == [0, 0, 1])
  }
}
