import Base
import Columnar
import Glibc
import Ingest
import TestSupport
import Testing

@Suite("Loading files")
struct PipelineTests {
  @Test("a file cut in its compression loads nothing, and everything beside it loads")
  func truncatedFiles() {
    for format in [CompressionFormat.gzip, .zstd, .lz4] {
      let folder = TemporaryFolder()
      let compressed = SourceSamples.compress(PipelineSamples.sends(500), format)
      let cut = folder.write("cut.ndjson.z", Array(compressed.dropLast(compressed.count / 3)))
      let whole = folder.write("whole.ndjson", PipelineSamples.sends(7, campaign: "other"))
      for threadCount in [1, 2] {
        let loading = Loading([cut, whole], threadCount: threadCount)
        #expect(loading.events.count == 7, "\(format)")
        #expect(loading.events.allSatisfy { $0.hasPrefix("other|") }, "\(format)")
        guard case .failed(let reason) = loading.outcomes[0] else {
          Issue.record("\(format): \(loading.outcomes[0])")
          continue
        }
        #expect(reason.contains("ends in the middle"), "\(format): \(reason)")
      }
    }
  }

  @Test("a file of random bytes is refused, and one with random bytes in it loses those lines")
  func randomBytes() {
    forAll(count: 20) { random, seed in
      let folder = TemporaryFolder()
      let noise = (0..<5000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let loading = Loading([folder.write("noise.log", noise)])
      #expect(loading.events.isEmpty, "\(seed)")
      let mixed = PipelineSamples.sends(3) + noise + [10] + PipelineSamples.sends(4)
      let events = Loading([folder.write("mixed.ndjson", mixed)])
      #expect(events.events.count == 7 && events.tally.rejectedCount > 0, "\(seed)")
    }
  }

  @Test("a line without an end is counted once, and the lines around it are kept")
  func endlessLine() {
    let folder = TemporaryFolder()
    let byteCount = Cases.isThorough ? 100_000_000 : 9_000_000
    let endless = [UInt8](repeating: UInt8(ascii: "x"), count: byteCount)
    let inside = PipelineSamples.sends(3) + endless + [10] + PipelineSamples.sends(4)
    let last = PipelineSamples.sends(5) + endless
    for threadCount in [1, 2] {
      let first = Loading([folder.write("inside.ndjson", inside)], threadCount: threadCount)
      #expect(first.events.count == 7 && first.tally.rejectedCount == 1)
      let second = Loading([folder.write("last.ndjson", last)], threadCount: threadCount)
      #expect(second.events.count == 5 && second.tally.rejectedCount == 1)
      #expect(second.tally.rejected[Int(RejectReason.tooLong.rawValue)] == 1)
    }
  }

  @Test("tables with quotes, separators and newlines in their fields load whole")
  func quotedFields() {
    let folder = TemporaryFolder()
    let table = """
      time,kind,campaign,recipient,subject,reason
      2026-03-14,sent,spring,a@example.org,"Hello, ""you""\nand you",
      2026-03-14,bounced,spring,a@example.org,,"no\r\nsuch user"
      2026-03-14,sent,spring,b@example.org,plain,
      2026-03-14,sent,spring
      """
    let loading = Loading([folder.write("events.csv", table)])
    let subject = "Hello, \"you\"\nand you"
    #expect(loading.events.count == 3 && loading.tally.rejectedCount == 1)
    #expect(
      loading.events.contains {
        $0.hasPrefix("spring|a@example.org|\(subject)||no\r\nsuch user|4|")
      })
  }

  @Test("bytes that are no UTF-8 stay what they are")
  func invalidText() {
    let folder = TemporaryFolder()
    let bytes = Array("time,kind,campaign,recipient\n2026-03-14,sent,sp".utf8) + [0xFF, 0xC0]
    let loading = Loading([folder.write("events.csv", bytes + Array(",a@example.org\n".utf8))])
    #expect(loading.events.count == 1)
    let campaign = loading.shared.dictionary(.campaign)[0].array
    #expect(campaign == Array("sp".utf8) + [0xFF, 0xC0])
  }

  @Test("the same content counts once, whatever its name and compression")
  func repeats() {
    let folder = TemporaryFolder()
    let content = PipelineSamples.sends(40)
    let formats: [CompressionFormat] = [.plain, .gzip, .zstd, .lz4]
    let paths = formats.enumerated().map { index, format in
      folder.write("copy-\(index).ndjson", SourceSamples.compress(content, format))
    }
    for threadCount in [1, 2, 8] {
      let loading = Loading(paths, threadCount: threadCount)
      #expect(loading.events.count == 40)
      let loaded = loading.outcomes.filter { if case .loaded = $0 { true } else { false } }
      let repeated = loading.outcomes.filter { if case .repeated = $0 { true } else { false } }
      #expect(loaded.count == 1 && repeated.count == 3, "\(loading.outcomes)")
      guard case .loaded(let digest, let byteCount) = loaded.first else { continue }
      #expect(byteCount == Int64(content.count))
      let known = KnownContent(digest: digest, byteCount: byteCount, name: "before")
      let again = Loading(paths, threadCount: threadCount, known: [known])
      #expect(again.outcomes == [FileOutcome](repeating: .repeated(of: "before"), count: 4))
      #expect(again.isEmpty)
    }
  }

  @Test("an attribute file with a fault in its header or its names leaves nothing behind")
  func brokenAttributes() {
    let folder = TemporaryFolder()
    let files = [
      ("campaigns.csv", "campaign,season,season\nspring,early,late\n"),
      ("recipients.csv", "recipient,9lives\na@example.org,yes\n"),
      ("links.csv", "link,\nl1,x\n"),
      (
        "campaigns.ndjson",
        "{\"campaign\":\"a\",\"season\":\"x\"}\n{\"campaign\":\"b\",\"9\":\"x\"}\n"
      ),
    ]
    for (name, text) in files {
      let loading = Loading([folder.write(name, text)])
      guard case .failed = loading.outcomes[0] else {
        Issue.record("\(name): \(loading.outcomes[0])")
        continue
      }
      #expect(loading.isEmpty, "\(name)")
    }
  }

  @Test("over-long lines of an attribute file are counted")
  func longAttributeLines() {
    let folder = TemporaryFolder()
    let long = String(repeating: " ", count: 6 << 20)
    let text = "{\"campaign\":\"a\",\"x\":\"1\"}\n\(long)\n{\"campaign\":\"b\",\"x\":\"2\"}\n"
    let loading = Loading([folder.write("campaigns.ndjson", text)])
    #expect(loading.tally.attributeRowCount == 2)
    #expect(loading.tally.rejected[Int(RejectReason.tooLong.rawValue)] == 1)
    #expect(loading.tally.lineCount == 3)
  }

  @Test("any number of threads and any order of files give the same events")
  func threads() {
    let folder = TemporaryFolder()
    var paths = (0..<6).map { index in
      folder.write("sends-\(index).ndjson", PipelineSamples.sends(300, campaign: "c\(index)"))
    }
    paths.append(folder.write("access.log", PipelineSamples.hits(20_000)))
    paths.append(folder.write("empty.log", ""))
    paths.append(folder.write("recipients.csv", "recipient,plan\nr1@example.org,gold\n"))
    let expected = Loading(paths)
    #expect(expected.events.count == 21_800)
    for threadCount in [2, 8] {
      let loading = Loading(paths.reversed(), threadCount: threadCount)
      #expect(loading.events == expected.events, "\(threadCount) threads")
      #expect(loading.outcomes.reversed() == expected.outcomes, "\(threadCount) threads")
      #expect(loading.tally.lineCount == expected.tally.lineCount, "\(threadCount) threads")
      #expect(loading.tally.eventCount == expected.tally.eventCount, "\(threadCount) threads")
    }
  }

  @Test("a file that cannot be opened, a folder and an empty file have their outcomes")
  func outcomes() {
    let folder = TemporaryFolder()
    let loading = Loading([
      folder.file("missing.log"), folder.path, folder.write("empty.ndjson", ""),
      folder.write("letter.txt", "Dear reader,\nthis is no log.\n"),
    ])
    #expect(loading.outcomes.count == 4 && loading.isEmpty)
    guard case .failed = loading.outcomes[0], case .failed = loading.outcomes[1] else {
      Issue.record("\(loading.outcomes)")
      return
    }
    #expect(loading.outcomes[2] == .empty)
    #expect(loading.outcomes[3] == .unrecognised)
  }

  @Test("a second reading that finds other content is an error")
  func changedFile() throws {
    let folder = TemporaryFolder()
    let path = folder.write("sends.ndjson", PipelineSamples.sends(10))
    var hash = ContentHash()
    PipelineSamples.sends(10).withUnsafeBufferPointer { hash.update(ByteSlice($0)) }
    let chunk = Chunk()
    for isChanged in [false, true] {
      if isChanged { folder.write("sends.ndjson", PipelineSamples.sends(11)) }
      let source = RawSource(
        reading: try ByteSource(path: path), name: path, expecting: hash.finish())
      let reader = ChunkReader(source)
      let hasLines = try reader.read(into: chunk)
      #expect(hasLines)
      if isChanged {
        #expect(throws: SourceError(name: path, problem: .changed)) { try reader.read(into: chunk) }
      } else {
        let hasMore = try reader.read(into: chunk)
        #expect(!hasMore)
      }
    }
  }
}
