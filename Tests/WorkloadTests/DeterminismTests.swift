import Testing
import Workload

@Suite("Determinism")
struct DeterminismTests {
  @Test("the committed sample is what the generator writes")
  func sample() throws {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    let sample = StoredFolder(path: root.joined(separator: "/") + "/datasets/sample")
    let fresh = try WorkloadFolder(WorkloadSpec(lineCount: 3000))
    #expect(sample.names("logs") == fresh.names("logs"))
    #expect(try sample.checksum() == fresh.checksum())
  }

  @Test("every format's bytes are the same for ever", arguments: LogDialect.allCases)
  func pinnedFormat(_ format: LogDialect) throws {
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

  private static let pins: [LogDialect: UInt32] = [
    .combined: 0xAF72_F55B,
    .common: 0x96FB_3385,
    .vhostCombined: 0xEC7C_763F,
    .nginxJSON: 0x774A_E9A9,
    .caddy: 0x6E94_1CF2,
    .cloudfront: 0x2BDF_2311,
    .cloudflare: 0xA770_1EA8,
    .alb: 0x7648_11CA,
  ]
}
