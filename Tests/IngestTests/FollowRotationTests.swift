import Base
import Glibc
import Ingest
import TestSupport
import Testing

/// Every way of rotation, seen at every step, now and then, or only when all is over.
@Suite("Following files through rotation")
struct FollowRotationTests {
  /// Runs a script at every speed, with one follower and with a new one for every look.
  private func everyLineOnce(
    _ pattern: String = "*", restarts: [Bool] = [false, true],
    _ script: (FollowScene) throws -> Void,
    place: Testing.SourceLocation = #_sourceLocation
  ) throws {
    for speed in FollowSpeed.allCases {
      for restarts in restarts {
        let scene = try FollowScene(pattern, speed: speed, restarts: restarts)
        try script(scene)
        scene.settle()
        let faults = scene.faults()
        #expect(faults.isEmpty, "\(speed), restarts: \(restarts)", sourceLocation: place)
      }
    }
  }

  @Test("rename and create")
  func renameAndCreate() throws {
    try everyLineOnce { scene in
      for _ in 0..<4 {
        scene.write("log", lines: 3)
        scene.write("log", lines: 20)
        for number in stride(from: 3, through: 1, by: -1)
        where scene.folder.names.contains("log.\(number)") {
          scene.rename("log.\(number)", "log.\(number + 1)")
        }
        scene.rename("log", "log.1")
        // The writer keeps the old file until it is told.
        scene.write("log.1", lines: 2)
      }
    }
  }

  @Test("copy and truncate")
  func copyAndTruncate() throws {
    try everyLineOnce { scene in
      for round in 0..<4 {
        scene.write("log", lines: 3)
        scene.write("log", lines: 20)
        scene.copy("log", "log-\(round)")
        scene.truncate("log")
      }
      scene.write("log", lines: 2)
    }
  }

  @Test("written anew before anything of it was taken, then copied and truncated")
  func refusedAtItsBeginning() throws {
    let scene = try FollowScene()
    scene.recorder.refuses = { true }
    scene.write("log", lines: 3)
    scene.append("log.1", scene.folder.read("log"))
    Glibc.truncate(scene.folder.file("log"), 0)
    scene.append("log", scene.next(9))
    scene.recorder.refuses = { false }
    scene.settle()
    scene.copy("log", "log.2")
    scene.truncate("log")
    scene.settle()
    #expect(scene.faults().isEmpty)
  }

  @Test("a copy that is written anew, as long as it was, is no copy any more")
  func copyWrittenAnew() throws {
    let scene = try FollowScene()
    scene.append("log", scene.next(1))
    scene.append("a", scene.folder.read("log"))
    scene.poll()
    #expect(scene.recorder.lines.count == 1)
    Glibc.truncate(scene.folder.file("log"), 0)
    scene.append("log", scene.next(1))
    // What it was a copy of has gone on.
    scene.write("a", lines: 1)
    scene.settle()
    #expect(scene.faults().isEmpty)
  }

  @Test("compressed at once", arguments: [CompressionFormat.gzip, .zstd, .lz4])
  func compressed(_ format: CompressionFormat) throws {
    try everyLineOnce { scene in
      for round in 0..<3 {
        scene.write("log", lines: 3)
        scene.write("log", lines: 30)
        scene.rename("log", "log.\(round)")
        scene.compress("log.\(round)", format)
      }
      scene.write("log", lines: 2)
    }
  }

  @Test("copied, truncated and compressed")
  func copiedAndCompressed() throws {
    try everyLineOnce { scene in
      for round in 0..<3 {
        scene.write("log", lines: 3)
        scene.write("log", lines: 30)
        scene.copy("log", "log.\(round)")
        scene.truncate("log")
        scene.write("log", lines: 1)
        scene.compress("log.\(round)")
      }
      scene.write("log", lines: 2)
    }
  }

  @Test("compressed one rotation later")
  func compressedLater() throws {
    try everyLineOnce { scene in
      for round in 0..<4 {
        scene.write("log", lines: 3)
        scene.write("log", lines: 30)
        if scene.folder.names.contains("log.1") {
          scene.rename("log.1", "log.\(round + 1)")
          scene.compress("log.\(round + 1)")
        }
        scene.rename("log", "log.1")
      }
      scene.write("log", lines: 2)
    }
  }

  @Test("names with dates")
  func dates() throws {
    try everyLineOnce { scene in
      for day in 11..<15 {
        scene.write("access.log", lines: 5)
        scene.write("access.log", lines: 5)
        scene.rename("access.log", "access.log-202611\(day)")
        scene.write("access.log", lines: 1)
      }
    }
  }

  @Test("a symbolic link that moves on")
  func symbolicLink() throws {
    try everyLineOnce { scene in
      for day in 0..<4 {
        scene.write("log.\(day)", lines: 4)
        unlink(scene.folder.file("current"))
        scene.folder.link("current", to: scene.folder.file("log.\(day)"))
        scene.step()
        scene.write("log.\(day)", lines: 4)
      }
    }
  }

  @Test("a symbolic link alone is followed to wherever it leads")
  func symbolicLinkAlone() throws {
    try everyLineOnce("current", restarts: [false]) { scene in
      for day in 0..<4 {
        scene.write("log.\(day)", lines: 4)
        unlink(scene.folder.file("current"))
        scene.folder.link("current", to: scene.folder.file("log.\(day)"))
        scene.poll()
        scene.write("log.\(day)", lines: 4)
      }
    }
  }

  @Test("a file that was rotated while nobody looked")
  func whileStopped() throws {
    try everyLineOnce("log*") { scene in
      scene.write("log", lines: 7)
      scene.poll()
      scene.append("log", scene.next(3))
      scene.rename("log", "log.1")
      scene.append("log", scene.next(3))
      scene.rename("log.1", "log.2")
      scene.rename("log", "log.1")
      scene.append("log", scene.next(3))
      scene.restart()
    }
  }

  @Test("a file that got a name nobody looks for, while nobody looked")
  func strayWhileStopped() throws {
    try everyLineOnce("log", restarts: [false]) { scene in
      scene.write("log", lines: 7)
      scene.poll()
      scene.append("log", scene.next(3))
      Glibc.rename(scene.folder.file("log"), scene.folder.file("old"))
      scene.append("log", scene.next(3))
      scene.restart()
    }
  }

  @Test("a file that gets a name nobody looks for is read to its end")
  func stray() throws {
    try everyLineOnce("log", restarts: [false]) { scene in
      scene.write("log", lines: 7)
      scene.poll()
      scene.rename("log", "old")
      scene.write("old", lines: 3)
      scene.write("log", lines: 3)
      scene.poll()
      scene.write("old", lines: 3)
    }
  }

  @Test("an inode that is used again")
  func inodeReuse() throws {
    try everyLineOnce { scene in
      for _ in 0..<5 {
        scene.write("log", lines: 10)
        scene.poll()
        let before = scene.folder.read("log").count
        scene.settle()
        scene.remove("log")
        scene.poll()
        // Larger than what was there, so that only the content tells.
        scene.append("log", scene.next(30))
        #expect(scene.folder.read("log").count > before)
        scene.poll()
        scene.remove("log")
      }
    }
  }

  @Test("files that begin with the same lines")
  func sameBeginning() throws {
    try everyLineOnce { scene in
      let header = String(repeating: "# the same beginning in every file\n", count: 60)
      for name in ["a", "b", "c"] { scene.append(name, header) }
      for _ in 0..<5 {
        for name in ["a", "b", "c"] { scene.write(name) }
      }
      scene.settle()
      scene.recorder.lines.removeAll { $0.hasPrefix("#") }
    }
  }

  @Test("a line that is written piece by piece")
  func partialLine() throws {
    try everyLineOnce { scene in
      for _ in 0..<3 {
        let text = Array(scene.next(3).utf8)
        for start in stride(from: 0, to: text.count, by: 37) {
          scene.append("log", Array(text[start..<min(start + 37, text.count)]))
          scene.step()
        }
      }
      scene.rename("log", "log.1")
      scene.write("log", lines: 1)
    }
  }

  @Test("a hole where a truncated file was, because its writer kept its place")
  func hole() throws {
    try everyLineOnce { scene in
      let writer = open(scene.folder.file("log"), O_WRONLY | O_CREAT, 0o644)
      defer { close(writer) }
      for round in 0..<4 {
        for _ in 0..<3 {
          let text = Array(scene.next(10).utf8)
          precondition(write(writer, text, text.count) == text.count)
          scene.step()
        }
        scene.copy("log", "log.\(round)")
        scene.truncate("log")
      }
    }
  }

  @Test("truncated and written anew, beyond what was there")
  func rewritten() throws {
    try everyLineOnce { scene in
      for count in [5, 10, 20, 40] {
        scene.write("log", lines: count)
        scene.poll()
        Glibc.truncate(scene.folder.file("log"), 0)
        scene.append("log", scene.next(count + 5))
        scene.poll()
        Glibc.truncate(scene.folder.file("log"), 0)
        scene.append("log", scene.next(count + 5))
        scene.poll()
      }
    }
  }

  @Test("a file that vanishes and comes back")
  func vanishing() throws {
    try everyLineOnce("log*") { scene in
      for _ in 0..<3 {
        scene.write("log", lines: 5)
        scene.poll()
        scene.rename("log", "away")
        scene.rename("away", "log")
        scene.write("log", lines: 5)
        scene.settle()
        scene.rename("log", "away")
        scene.settle()
        scene.rename("away", "log")
      }
      scene.write("log", lines: 5)
    }
  }

  @Test("the last line of a rotated file lacks its newline")
  func unendedLastLine() throws {
    try everyLineOnce { scene in
      for round in 0..<3 {
        scene.write("log", lines: 4)
        scene.append("log", String(scene.next(1).dropLast()))
        scene.step()
        scene.rename("log", "log.\(round)")
        scene.write("log", lines: 1)
      }
    }
  }

  @Test("an unended last line is taken from a compressed file, and never from a live one")
  func unendedLines() throws {
    let scene = try FollowScene()
    scene.folder.write(
      "old.gz", SourceSamples.compress(Array(scene.next(4).utf8.dropLast()), .gzip))
    scene.append("log", scene.next(2) + String(FollowScene.line(99)))
    scene.settle()
    #expect(scene.faults().isEmpty)
    #expect(scene.recorder.lines.count == 6)
  }

  @Test("files that appear in a folder")
  func folder() throws {
    try everyLineOnce("") { scene in
      for name in ["a", "b", "c.log", "d"] {
        scene.write(name, lines: 3)
        scene.write("a", lines: 2)
        scene.folder.write(
          name + ".gz", SourceSamples.compress(Array(scene.next(9).utf8), .gzip))
        scene.step()
      }
      scene.write("b", lines: 2)
    }
  }
}
