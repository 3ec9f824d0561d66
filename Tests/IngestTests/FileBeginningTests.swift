import Base
import Ingest
import TestSupport
import Testing

@Suite("Beginnings of files")
struct FileBeginningTests {
  @Test("lines at the limit are kept and longer ones left out, however the input is cut")
  func collects() {
    let limit = Limits.lineByteCountMax
    forAll(count: 40) { random, seed in
      let lengths = (0..<random.below(5)).map { _ in
        random.pick([0, 1, 80, limit - 1, limit, limit + 1, 3 * limit])
      }
      var input: [UInt8] = []
      for length in lengths {
        input += [UInt8](repeating: UInt8(97 + random.below(26)), count: length) + [10]
      }
      if random.isHit(0.3), !input.isEmpty { input.removeLast() }
      let collected = FileBeginningTests.collect(input, &random)
      #expect(collected == FileBeginningTests.naive(input), "\(seed): \(lengths)")
    }
  }

  @Test("what is looked through has an end")
  func reach() {
    let part = [UInt8](repeating: UInt8(ascii: "x"), count: 4 << 20)
    var beginning = FileBeginning()
    var count = 0
    while !beginning.isComplete {
      part.withUnsafeBufferPointer { beginning.take(ByteSlice($0)) }
      count += part.count
    }
    #expect(count == Limits.detectionReachByteCountMax && beginning.bytes.isEmpty)
  }

  @Test(
    "files that begin with a line without measure are known by the lines behind it",
    arguments: [CompressionFormat.plain, .gzip, .zstd, .lz4])
  func loads(_ format: CompressionFormat) {
    let folder = TemporaryFolder()
    let header = Array("time,kind,campaign,recipient\n".utf8)
    let row = Array("2026-03-14,sent,spring,a@example.org\n".utf8)
    let attributes = Array("recipient,plan\nb@example.org,gold\n".utf8)
    for byteCount in [Limits.lineByteCountMax + 1, 5_000_000] {
      let long = [UInt8](repeating: UInt8(ascii: "x"), count: byteCount) + [10]
      let files: [(content: [UInt8], eventCount: Int)] = [
        (PipelineSamples.sends(4), 4), (PipelineSamples.hits(6), 6),
        (long + PipelineSamples.hits(2), 2), (header + row, 1), (attributes, 0),
      ]
      for (content, eventCount) in files {
        let bytes = SourceSamples.compress(long + content, format)
        let loading = Loading([folder.write("input", bytes)])
        let rejectedCount = content.starts(with: long) ? 2 : 1
        #expect(loading.events.count == eventCount, "\(loading.outcomes)")
        #expect(loading.tally.rejected[Int(RejectReason.tooLong.rawValue)] == rejectedCount)
        #expect(loading.tally.rejectedCount == rejectedCount)
        #expect(loading.tally.attributeRowCount == (content == attributes ? 1 : 0))
      }
    }
  }

  @Test("the field names of a CloudFront file are found behind a line without measure")
  func fieldNames() {
    let folder = TemporaryFolder()
    let fields = "#Version: 1.0\n#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status\n"
    let line = "2026-03-14\t09:12:01\tGET\t/o\tc=spring&r=a@example.org\t200\n"
    let long = String(repeating: "x", count: 200_000) + "\n"
    let loading = Loading([folder.write("edge.log", long + fields + line)])
    #expect(loading.events.count == 1, "\(loading.outcomes)")
  }

  @Test("where every line is too long, what the first one begins with decides")
  func cutLine() {
    let folder = TemporaryFolder()
    let begin = #"{"time":1,"kind":"sent","campaign":"spring","recipient":"r","reason":""#
    let long = begin + String(repeating: "x", count: 100_000) + "\"}\n"
    let loading = Loading([folder.write("x", long)])
    #expect(loading.tally.rejected[Int(RejectReason.tooLong.rawValue)] == 1)
    let noise = Loading([folder.write("y", String(repeating: "x", count: 100_000))])
    #expect(noise.outcomes == [.unrecognised])
  }

  private static func collect(_ input: [UInt8], _ random: inout PRNG) -> [UInt8] {
    var beginning = FileBeginning()
    var rest = input[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(1 + random.below(random.pick([100, 70_000, 400_000]))))
      part.withUnsafeBufferPointer { beginning.take(ByteSlice($0)) }
      rest = rest.dropFirst(part.count)
    }
    return beginning.bytes
  }

  private static func naive(_ input: [UInt8]) -> [UInt8] {
    var lines = input.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    let last = lines.removeLast()
    var bytes: [UInt8] = []
    for line in lines
    where line.count <= Limits.lineByteCountMax && bytes.count < Limits.detectionByteCountMax {
      bytes += line + [10]
    }
    if last.count <= Limits.lineByteCountMax, bytes.count < Limits.detectionByteCountMax {
      bytes += last
    }
    return bytes
  }
}
