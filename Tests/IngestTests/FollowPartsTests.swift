import Base
import Glibc
import Ingest
import TestSupport
import Testing

@Suite("Parts of following files")
struct FollowPartsTests {
  private func checkpoint(_ random: inout PRNG) -> Checkpoint {
    let digest = ContentDigest(high: random.next(), low: random.next())
    var checkpoint = Checkpoint(
      path: "/var/log/\(random.below(1000))",
      identity: FileIdentity(device: random.next(), inode: random.next()))
    checkpoint.offset = Int64(random.below(random.pick([2, 2000, 1 << 60])))
    let byteCount = Int(min(checkpoint.offset, 1024))
    checkpoint.head = Fingerprint(byteCount: byteCount, digest: digest)
    checkpoint.tail = Fingerprint(byteCount: byteCount, digest: digest)
    checkpoint.lineCount = Int64(random.below(1 << 60))
    checkpoint.longLineCount = Int64(random.below(100))
    checkpoint.lastSeen = Int64(truncatingIfNeeded: random.next())
    checkpoint.isFinished = random.isHit(0.5)
    checkpoint.isInLongLine = random.isHit(0.5)
    let kinds = AccessLogFormat.allCases.map { FileKind.accessLog($0) } + [.events(.ndjson)]
    checkpoint.kind = random.isHit(0.2) ? nil : random.pick(kinds)
    if random.isHit(0.5) {
      checkpoint.container = Checkpoint.Container(byteCount: 77, ends: digest)
    }
    return checkpoint
  }

  private func read(_ bytes: [UInt8]) throws -> Checkpoint {
    try bytes.withUnsafeBufferPointer { try Checkpoint(reading: ByteSlice($0)) }
  }

  @Test("a checkpoint comes back as it was")
  func roundTrip() {
    forAll(count: 300) { random, seed in
      let checkpoint = checkpoint(&random)
      #expect((try? read(checkpoint.bytes)) == checkpoint, "\(seed)")
    }
  }

  @Test("damaged bytes are another checkpoint or an error")
  func damage() {
    forAll(count: 30) { random, seed in
      let bytes = checkpoint(&random).bytes
      for count in bytes.indices {
        #expect(throws: CheckpointError.self, "\(seed)") { try read(Array(bytes[..<count])) }
      }
      #expect(throws: CheckpointError.self, "\(seed)") { try read(bytes + [0]) }
      for _ in 0..<300 {
        var damaged = bytes
        for _ in 0...random.below(3) {
          damaged[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
        }
        if let other = try? read(damaged) { #expect(other.bytes == damaged, "\(seed)") }
      }
    }
  }

  @Test("the version comes first")
  func version() {
    #expect(throws: CheckpointError.version(9)) { try read([9]) }
  }

  @Test(
    "patterns",
    arguments: [
      ("/var/log/nginx/access.log*", "access.log", true),
      ("/var/log/nginx/access.log*", "access.log.1.gz", true),
      ("/var/log/nginx/access.log*", "error.log", false),
      ("/var/log/*.log", "a.log", true), ("/var/log/*.log", ".log", false),
      ("/var/log/*.log", "a.log.1", false), ("logs/a?c", "abc", true), ("logs/a?c", "ac", false),
      ("logs/*a*b*", "xxaxxbxx", true), ("logs/*a*b*", "xxbxxaxx", false),
      ("logs/a*a*a", "aa", false), ("logs/a*a*a", "aaa", true), ("logs/", "anything", true),
      ("logs/", ".hidden", false), ("logs/.h*", ".hidden", true), ("one.log", "one.log", true),
      ("one.log", "one.log.1", false),
    ])
  func patterns(_ pattern: String, _ name: String, _ matches: Bool) throws {
    #expect(try FilePattern(pattern).matches(name.utf8) == matches)
  }

  @Test("a wildcard stands in the last part of a path only")
  func wildcards() {
    #expect(throws: FilePattern.Failure.wildcardInFolder) { try FilePattern("/var/*/a.log") }
    #expect(throws: FilePattern.Failure.empty) { try FilePattern("") }
  }

  @Test("lines that are too long are left out and counted, whatever cuts them")
  func longLines() throws {
    for speed in FollowSpeed.allCases {
      let scene = try FollowScene(speed: speed)
      scene.write("log", lines: 3)
      for count in [Limits.lineByteCountMax + 1, 200_000, 3_000_000] {
        var text = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        text.append(10)
        for start in stride(from: 0, to: text.count, by: 50_000) {
          scene.append("log", Array(text[start..<min(start + 50_000, text.count)]))
          scene.step()
        }
        scene.write("log", lines: 2)
      }
      scene.settle()
      #expect(scene.faults().isEmpty, "\(speed)")
      #expect(scene.follower.status.map(\.longLineCount) == [3], "\(speed)")
    }
  }

  @Test("a line at the limit is taken")
  func lineAtTheLimit() throws {
    let scene = try FollowScene()
    let padding = Limits.lineByteCountMax - FollowScene.line(0).utf8.count
    scene.write("log", lines: 1, padding: padding)
    scene.settle()
    #expect(scene.faults().isEmpty)
    #expect(scene.recorder.lines.first?.utf8.count == Limits.lineByteCountMax)
  }

  @Test("many short lines arrive in several pieces")
  func shortLines() throws {
    let scene = try FollowScene()
    scene.settings.forcedKind = .accessLog(.combined)
    scene.restart()
    scene.append("log", String(repeating: "# short\n", count: 40_000))
    scene.settle()
    #expect(scene.recorder.lines.count == 40_000)
    #expect(scene.recorder.faults.isEmpty)
    #expect(scene.recorder.takeCount == 3)
  }

  @Test("a hole of any size is passed over, and is no line")
  func holes() throws {
    let scene = try FollowScene()
    let byteCount = 1 << 33
    Glibc.truncate(scene.folder.write("log"), byteCount)
    scene.append("log", scene.next(3))
    scene.append("log", [UInt8](repeating: 0, count: 5000))
    scene.append("log", scene.next(3))
    scene.settle()
    #expect(scene.faults().isEmpty)
    #expect(scene.follower.status.map(\.lagByteCount) == [0])
  }

  @Test("a table is not followed, and that is said once")
  func tables() throws {
    let scene = try FollowScene()
    scene.folder.write("events.csv", "time,kind,campaign,recipient\n1,sent,a,b\n")
    let table = Array("recipient,school\na,b\n".utf8)
    scene.folder.write("recipients.csv.gz", SourceSamples.compress(table, .gzip))
    scene.settle()
    #expect(scene.messages.count == 2)
    #expect(scene.messages.allSatisfy { $0.contains("beacon ingest") })
    #expect(scene.recorder.lines.isEmpty)
  }

  @Test("what is no file is named once and never waited for")
  func otherThings() throws {
    let scene = try FollowScene()
    mkfifo(scene.folder.file("pipe"), 0o600)
    mkdir(scene.folder.file("folder"), 0o700)
    scene.folder.link("nowhere", to: "/nowhere/at/all")
    scene.write("log", lines: 2)
    scene.settle()
    #expect(scene.faults().isEmpty)
    #expect(scene.messages.count == 2)
  }

  @Test("a folder that is not there yet is said once and followed when it is")
  func missingFolder() throws {
    let scene = try FollowScene("later/*")
    scene.settle()
    #expect(scene.messages.count == 1)
    mkdir(scene.folder.file("later"), 0o700)
    scene.write("later/log", lines: 2)
    scene.settle()
    #expect(scene.faults().isEmpty)
  }

  @Test("more files than the limit are left alone, and that is said")
  func tooManyFiles() throws {
    let scene = try FollowScene()
    scene.settings.fileCountMax = 3
    scene.restart()
    for name in ["a", "b", "c"] { scene.write(name, lines: 2) }
    let count = scene.recorder.lines.count
    scene.folder.write("d", FollowScene.line(0) + "\n")
    scene.settle()
    #expect(count == 6)
    #expect(scene.faults().isEmpty)
    #expect(scene.messages.count == 1)
  }

  @Test("few descriptors are enough for many files")
  func descriptors() throws {
    let scene = try FollowScene()
    scene.settings.openFileCountMax = 3
    scene.restart()
    for _ in 0..<4 {
      for name in ["a", "b", "c", "d", "e", "f"] { scene.write(name, lines: 2) }
    }
    scene.settle()
    #expect(scene.faults().isEmpty)
  }

  @Test("the columns of a log are said again when it is taken up again")
  func fieldsLine() throws {
    let scene = try FollowScene()
    let head = "#Version: 1.0\n#Fields: date time cs-method cs-uri-stem sc-status\n"
    let hit = "2026-11-22\t06:00:00\tGET\t/o/spring/a.gif\t200\n"
    scene.append("log", head + hit)
    scene.poll()
    scene.append("log", hit)
    scene.poll()
    let before = scene.recorder.lines
    scene.restart()
    scene.append("log", hit)
    scene.settle()
    #expect(before.count == 4)
    let after = scene.recorder.lines.dropFirst(4)
    #expect(Array(after) == [String(head.split(separator: "\n")[1]), String(hit.dropLast())])
  }

  @Test("what is gone for long is forgotten, what is there stays known")
  func forgetting() throws {
    let scene = try FollowScene()
    scene.settings.forgetAfter = 100_000
    scene.restart()
    scene.folder.write("kept.gz", SourceSamples.compress(Array(scene.next(2).utf8), .gzip))
    scene.write("log", lines: 2)
    scene.settle()
    scene.remove("log")
    scene.settle()
    for _ in 0..<40 { scene.poll(after: 2000) }
    #expect(scene.recorder.notes.count == 2)
    for _ in 0..<40 { scene.poll(after: 2000) }
    #expect(scene.recorder.notes.count == 1)
    scene.restart()
    scene.settle()
    #expect(scene.faults().isEmpty)
    #expect(scene.recorder.notes.count == 1)
  }

  @Test("no more checkpoints than the limit are kept, the latest of them")
  func checkpointLimit() throws {
    let scene = try FollowScene()
    scene.settings.checkpointCountMax = 4
    scene.restart()
    for index in 0..<10 {
      scene.write("log.\(index)", lines: 1)
      scene.settle()
      scene.remove("log.\(index)")
      scene.settle()
    }
    #expect(scene.faults().isEmpty)
    #expect(scene.recorder.notes.count == 4)
    let offsets = try scene.recorder.notes.values.map { try read($0).path }
    #expect(offsets.allSatisfy { $0.last.map { "6789".contains($0) } ?? false })
  }

  @Test("a refusal loses nothing, and the next poll tries again")
  func refusal() throws {
    let scene = try FollowScene()
    scene.recorder.refuses = { true }
    scene.append("log", scene.next(5))
    let report = scene.follower.poll(now: scene.now)
    #expect(report.refusal == "no room")
    #expect(!report.isBehind)
    #expect(scene.recorder.lines.isEmpty)
    scene.recorder.refuses = { false }
    scene.settle()
    #expect(scene.faults().isEmpty)
  }

  @Test("an unreadable note is said, and its key not used again")
  func unreadableNote() throws {
    let scene = try FollowScene()
    scene.recorder.notes[7] = [1, 2, 3]
    scene.restart()
    scene.write("log", lines: 1)
    #expect(scene.messages.count == 1)
    #expect(scene.recorder.notes.keys.sorted() == [7, 8])
  }
}
