import Testing
import Workload

@Suite("Determinism")
struct DeterminismTests {
  @Test("the same specification gives the same bytes for ever")
  func pinned() throws {
    let checksum = try WorkloadFolder(WorkloadSpec(lineCount: 2000)).checksum()
    #expect(checksum == 0)
  }

  @Test("every format's bytes are pinned", arguments: AccessLogFormat.allCases)
  func pinnedFormat(_ format: AccessLogFormat) throws {
    var spec = WorkloadSpec(lineCount: 300)
    spec.format = format
    let checksum = try WorkloadFolder(spec).checksum()
    #expect(checksum == DeterminismTests.pins[format])
  }

  @Test("another seed gives other bytes")
  func otherSeed() throws {
    let one = try WorkloadFolder(WorkloadSpec(lineCount: 300, seed: 1))
    let other = try WorkloadFolder(WorkloadSpec(lineCount: 300, seed: 2))
    #expect(try one.bytes("sends.ndjson") != other.bytes("sends.ndjson"))
    #expect(try one.bytes("outcomes.ndjson") != other.bytes("outcomes.ndjson"))
    #expect(try one.checksum() != other.checksum())
  }

  @Test("the memory allowed changes no byte")
  func windows() throws {
    let whole = WorkloadSpec(lineCount: 300)
    var sliced = whole
    sliced.recordCountMax = 1
    #expect(try WorkloadFolder(whole).checksum() == WorkloadFolder(sliced).checksum())
  }

  private static let pins: [AccessLogFormat: UInt32] = [:]
}
