import Base
import Glibc
import Ingest
import TestSupport
import Testing

@Suite("Byte sources")
struct SourceReadingTests {
  private static let compressed: [CompressionFormat] = [.gzip, .zstd, .lz4]

  @Test("decompressing inverts compressing", arguments: CompressionFormat.allCases)
  func decompressionInvertsCompression(_ format: CompressionFormat) throws {
    let folder = TemporaryFolder()
    try forAll(count: 40) { random, note in
      let bytes = SourceSamples.text(
        &random, count: random.below(random.isHit(0.2) ? 600_000 : 300))
      let path = folder.write("sample", SourceSamples.compress(bytes, format))
      let result = SourceFuzz.readAll(path, bufferByteCount: 1 + random.below(100_000))
      #expect(result.error == nil, "\(note)")
      #expect(result.bytes == bytes, "\(note)")
      let source = try ByteSource(path: path)
      #expect(source.compression == (bytes.isEmpty && format == .plain ? .plain : format))
    }
  }

  @Test("members and frames may be concatenated", arguments: compressed)
  func readsConcatenated(_ format: CompressionFormat) {
    let folder = TemporaryFolder()
    forAll(count: 40) { random, note in
      var expected: [UInt8] = []
      var file: [UInt8] = []
      for _ in 0...random.below(6) {
        let part = SourceSamples.text(&random, count: random.below(2000))
        expected += part
        file += SourceSamples.compress(part, format)
      }
      let path = folder.write("sample", file)
      let result = SourceFuzz.readAll(path, bufferByteCount: 1 + random.below(5000))
      #expect(result.error == nil, "\(note)")
      #expect(result.bytes == expected, "\(note)")
    }
  }

  @Test("skippable frames are passed over, before as well as between frames")
  func readsSkippableFrames() {
    let folder = TemporaryFolder()
    let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    for format in [CompressionFormat.zstd, .lz4] {
      let frame = SourceSamples.compress(Array("line\n".utf8), format)
      let path = folder.write("sample", skippable + frame + skippable + frame)
      let result = SourceFuzz.readAll(path, bufferByteCount: 100)
      #expect(result.bytes == Array("line\nline\n".utf8), "\(format)")
      #expect(result.error == nil, "\(format)")
    }
  }

  @Test("a file cut short at any byte gives a beginning and an error", arguments: compressed)
  func truncationIsAnError(_ format: CompressionFormat) throws {
    let folder = TemporaryFolder()
    var random = PRNG(seed: 7)
    let bytes = SourceSamples.text(&random, count: 400)
    let file = SourceSamples.compress(bytes, format)
    for count in 4..<file.count {
      let path = folder.write("sample", Array(file[..<count]))
      let result = SourceFuzz.readAll(path, bufferByteCount: 64)
      #expect(bytes.starts(with: result.bytes), "\(count)")
      #expect(result.error?.problem == .truncated(format, at: Int64(count)), "\(count)")
    }
  }

  @Test("any flipped bit behind the magic number is an error or harmless", arguments: compressed)
  func corruptionIsFound(_ format: CompressionFormat) {
    let folder = TemporaryFolder()
    var random = PRNG(seed: 8)
    let bytes = SourceSamples.text(&random, count: 300)
    let file = SourceSamples.compress(bytes, format)
    for bit in 32..<file.count * 8 {
      var damaged = file
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let result = SourceFuzz.readAll(folder.write("sample", damaged), bufferByteCount: 5000)
      // A header's time stamp or system may change; the content may not without being noticed.
      #expect(result.error != nil || result.bytes == bytes, "bit \(bit)")
    }
  }

  @Test("zeros may follow gzip data, anything else is named with its place")
  func tellsPaddingFromGarbage() {
    let folder = TemporaryFolder()
    let bytes = Array("line\n".utf8)
    let file = SourceSamples.compress(bytes, .gzip)
    let padding = [UInt8](repeating: 0, count: 300_000)
    let padded = SourceFuzz.readAll(folder.write("padded", file + padding), bufferByteCount: 100)
    #expect(padded.error == nil)
    #expect(padded.bytes == bytes)
    let garbage = SourceFuzz.readAll(
      folder.write("garbage", file + padding + [7]), bufferByteCount: 100)
    #expect(
      garbage.error?.problem == .trailingGarbage(.gzip, at: Int64(file.count + padding.count)))
    let text = SourceFuzz.readAll(
      folder.write("text", file + Array("more\n".utf8)), bufferByteCount: 100)
    #expect(text.error?.problem == .trailingGarbage(.gzip, at: Int64(file.count)))
    #expect(text.bytes == bytes)
  }

  @Test("garbage behind zstd and LZ4 data is an error")
  func refusesGarbage() {
    let folder = TemporaryFolder()
    for format in [CompressionFormat.zstd, .lz4] {
      let file = SourceSamples.compress(Array("line\n".utf8), format)
      let path = folder.write("sample", file + Array("more lines\n".utf8))
      let result = SourceFuzz.readAll(path, bufferByteCount: 100)
      #expect(result.error?.problem == .corrupt(format, at: Int64(file.count)))
      #expect(result.bytes == Array("line\n".utf8))
    }
  }

  @Test("what decompresses to more than any log would is refused")
  func refusesBombs() {
    let folder = TemporaryFolder()
    let zeros = [UInt8](repeating: 0, count: 80 << 20)
    let path = folder.write("sample", SourceSamples.compress(zeros, .zstd))
    let result = SourceFuzz.readAll(path, bufferByteCount: 1 << 20, keepsBytes: false)
    guard case .tooCompressed(_, let byteCount) = result.error?.problem else {
      Issue.record("\(String(describing: result.error))")
      return
    }
    #expect(byteCount <= Limits.unsuspectedByteCountMax + 1 << 20)
  }

  @Test("other compressions are named, not read as logs")
  func namesUnsupportedCompressions() {
    let folder = TemporaryFolder()
    let path = folder.write("sample", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 4])
    #expect(SourceFuzz.readAll(path, bufferByteCount: 9).error?.problem == .unsupported("xz"))
  }

  @Test("a missing file and a folder are errors that say so")
  func reportsWhatIsNoFile() {
    let folder = TemporaryFolder()
    let missing = SourceFuzz.readAll("\(folder.path)/none", bufferByteCount: 9)
    #expect(missing.error?.problem == .notFound)
    #expect(missing.error?.description == "\(folder.path)/none: no such file or folder")
    #expect(SourceFuzz.readAll(folder.path, bufferByteCount: 9).error?.problem == .isFolder)
  }

  @Test("what was peeked at is read again", arguments: CompressionFormat.allCases)
  func peekingReadsNothing(_ format: CompressionFormat) throws {
    let folder = TemporaryFolder()
    var random = PRNG(seed: 9)
    for count in [0, 1, 100, 65_536, 200_000] {
      let bytes = SourceSamples.text(&random, count: count)
      let path = folder.write("sample", SourceSamples.compress(bytes, format))
      var source = try ByteSource(path: path)
      #expect(try source.peek().array == Array(bytes.prefix(65_536)))
      let result = SourceFuzz.readRest(&source, bufferByteCount: 10_000)
      #expect(result.bytes == bytes)
      #expect(source.offset == Int64(bytes.count))
    }
  }

  @Test("a plain file that grows is read on")
  func followsGrowth() throws {
    let folder = TemporaryFolder()
    let path = folder.write("sample", Array("one\n".utf8))
    var source = try ByteSource(path: path)
    #expect(SourceFuzz.readRest(&source, bufferByteCount: 10).bytes == Array("one\n".utf8))
    folder.write("sample", Array("one\ntwo\n".utf8))
    #expect(SourceFuzz.readRest(&source, bufferByteCount: 10).bytes == Array("two\n".utf8))
  }

  @Test("a pipe is read, also when it hands over single bytes")
  func readsPipes() throws {
    let bytes = Array("some lines\n".utf8)
    for format in CompressionFormat.allCases {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      for byte in SourceSamples.compress(bytes, format) { write(ends[1], [byte], 1) }
      close(ends[1])
      var source = try ByteSource(descriptor: ends[0], name: "standard input")
      #expect(SourceFuzz.readRest(&source, bufferByteCount: 3).bytes == bytes)
    }
  }

  @Test("random bytes behind a magic number never crash a source")
  func survivesRandomBytes() {
    let folder = TemporaryFolder()
    forAll(count: 300) { random, note in SourceFuzz.read(&random, note, in: folder) }
  }
}
