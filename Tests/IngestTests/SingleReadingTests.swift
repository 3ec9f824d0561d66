import Base
import Ingest
import TestSupport
import Testing

@Suite("Files that are read only once")
struct SingleReadingTests {
  @Test("the same content counts once, whatever is read once and whatever twice")
  func repeats() {
    forAll(count: 12) { random, seed in
      let folder = TemporaryFolder()
      let content = PipelineSamples.sends(40)
      let formats: [CompressionFormat] = [.plain, .plain, .gzip, .plain, .zstd]
      var paths = formats.enumerated().map { index, format in
        folder.write("copy-\(index).ndjson", SourceSamples.compress(content, format))
      }
      // Other content of the same length.
      paths.append(folder.write("other.ndjson", PipelineSamples.sends(40, campaign: "autum")))
      paths.append(folder.write("third.ndjson", PipelineSamples.sends(7)))
      paths.shuffle(using: &random)
      for threadCount in [1, 2, 8] {
        let loading = Loading(paths, threadCount: threadCount, keptChunkCountMax: 0)
        #expect(loading.events.count == 87, "\(seed)")
        #expect(loading.outcomes.count == paths.count, "\(seed)")
        let known = SingleReadingTests.known(loading)
        #expect(known.count == 3, "\(seed): \(loading.outcomes)")
        #expect(
          loading.outcomes.count { if case .repeated = $0 { true } else { false } } == 4, "\(seed)")
        let again = Loading(
          paths, threadCount: threadCount, known: known, keptChunkCountMax: 0)
        #expect(again.isEmpty, "\(seed)")
        #expect(
          again.outcomes.allSatisfy { if case .repeated = $0 { true } else { false } }, "\(seed)")
      }
    }
  }

  @Test("what is read once is known by the same digest as what is read twice")
  func digests() {
    let folder = TemporaryFolder()
    let path = folder.write("sends.ndjson", PipelineSamples.sends(500) + [UInt8(ascii: "x")])
    let (once, twice) = (Loading([path], keptChunkCountMax: 0), Loading([path]))
    #expect(once.outcomes == twice.outcomes)
    #expect(once.events == twice.events && once.events.count == 500)
    #expect(once.tally.rejectedCount == 1)
  }

  @Test("content of a known length and other content is loaded")
  func knownLength() {
    let folder = TemporaryFolder()
    let path = folder.write("sends.ndjson", PipelineSamples.sends(30))
    let known = KnownContent(
      digest: ContentDigest(high: 1, low: 2), byteCount: Int64(PipelineSamples.sends(30).count),
      name: "before")
    let loading = Loading([path], known: [known], keptChunkCountMax: 0)
    #expect(loading.events.count == 30)
  }

  @Test("a file that is longer or shorter at its end than at its beginning is an error")
  func changedLength() throws {
    let folder = TemporaryFolder()
    let bytes = PipelineSamples.sends(10)
    let path = folder.write("sends.ndjson", bytes)
    var hash = ContentHash()
    bytes.withUnsafeBufferPointer { hash.update(ByteSlice($0)) }
    let chunk = Chunk()
    for byteCount in [bytes.count, bytes.count + 1, bytes.count - 1] {
      let reader = ChunkReader(
        RawSource(
          reading: try ByteSource(path: path), name: path, expecting: Int64(byteCount)))
      let hasLines = try reader.read(into: chunk)
      #expect(hasLines && reader.digest == nil)
      if byteCount == bytes.count {
        let hasMore = try reader.read(into: chunk)
        #expect(!hasMore && reader.digest == hash.finish())
      } else {
        #expect(throws: SourceError(name: path, problem: .changed)) { try reader.read(into: chunk) }
      }
    }
  }

  private static func known(_ loading: Loading) -> [KnownContent] {
    loading.outcomes.compactMap { outcome in
      guard case .loaded(let digest, let byteCount) = outcome else { return nil }
      return KnownContent(digest: digest, byteCount: byteCount, name: "before")
    }
  }
}
