// A folder of logs, what writers and rotation do to it, and a target that remembers what it was given.

import Base
import Glibc
import Ingest
import TestSupport

/// Takes lines and notes, or refuses at will.
final class FollowRecorder: FollowTarget {
  var notes: [UInt64: [UInt8]] = [:]
  var lines: [String] = []
  var names: [String] = []
  var faults: [String] = []
  var takeCount = 0
  /// Asked before every call; true refuses it.
  var refuses: () -> Bool = { false }

  func take(
    _ bytes: ByteSlice, of kind: FileKind, name: String, note: SourceNote
  ) throws(FollowRefusal) {
    if refuses() { throw FollowRefusal(reason: "no room") }
    takeCount += 1
    check(bytes)
    lines += bytes.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map(String.init)
    names.append(name)
    remembered(note)
  }

  func remember(_ note: SourceNote) throws(FollowRefusal) {
    if refuses() { throw FollowRefusal(reason: "no room") }
    remembered(note)
  }

  private func remembered(_ note: SourceNote) {
    guard !note.bytes.isEmpty else {
      notes[note.key] = nil
      return
    }
    notes[note.key] = note.bytes
    note.bytes.withUnsafeBufferPointer {
      if (try? Checkpoint(reading: ByteSlice($0))) == nil { faults.append("an unreadable note") }
    }
  }

  private func check(_ bytes: ByteSlice) {
    if bytes.isEmpty || bytes[bytes.count - 1] != 10 { faults.append("lines that are not whole") }
    if bytes.count > Limits.followedByteCountMax + 1 { faults.append("too many bytes") }
    let count = bytes.buffer.count { $0 == 10 }
    if count > Limits.followedLineCountMax { faults.append("too many lines") }
  }
}

/// How often the follower looks while things happen.
enum FollowSpeed: CaseIterable {
  case everyStep, everyThird, onlyWhenNeeded
}

/// A log folder, a writer of numbered lines, and a follower of it.
final class FollowScene {
  let folder = TemporaryFolder()
  let recorder = FollowRecorder()
  let speed: FollowSpeed
  /// Whether every poll is one of a new process.
  let restarts: Bool
  var settings: FollowSettings
  var now: Int64 = 1_000_000_000
  var messages: [String] = []
  private(set) var follower: Follower
  private(set) var written: [Int] = []
  private var stepCount = 0

  init(
    _ pattern: String = "*", speed: FollowSpeed = .everyStep, restarts: Bool = false
  ) throws {
    self.speed = speed
    self.restarts = restarts
    settings = FollowSettings(patterns: [try FilePattern(folder.file(pattern))])
    settings.finishAfter = 1000
    follower = Follower(settings: settings, target: recorder)
  }

  /// Something happened; the follower may look.
  func step() {
    stepCount += 1
    switch speed {
    case .everyStep: poll()
    case .everyThird: if stepCount % 3 == 0 { poll() }
    case .onlyWhenNeeded: break
    }
  }

  /// One look, and more as long as there is more to read.
  @discardableResult
  func poll(after milliseconds: Int64 = 200) -> FollowReport {
    if restarts { restart() }
    now += milliseconds
    var report = follower.poll(now: now)
    messages += report.messages
    while report.isBehind {
      report = follower.poll(now: now)
      messages += report.messages
    }
    return report
  }

  /// A new process that knows nothing but the notes.
  func restart() {
    follower = Follower(settings: settings, target: recorder, notes: recorder.notes)
  }

  /// Enough looks for everything to come to rest.
  func settle() {
    if restarts {
      restart()
      for _ in 0..<12 {
        now += 500
        messages += follower.poll(now: now).messages
      }
      return
    }
    for _ in 0..<12 { poll(after: 500) }
  }

  static func line(_ number: Int, padding: Int = 0) -> String {
    let agent = String(repeating: "x", count: padding)
    return "10.0.0.1 - - [22/Nov/2026:06:00:00 +0000] \"GET /o?c=spring&r=\(number) HTTP/1.1\" "
      + "200 43 \"-\" \"agent\(agent)\""
  }

  /// The number of a line that `line` made.
  static func number(_ line: String) -> Int? {
    guard let start = line.range(of: "r="), let end = line.range(of: " HTTP", from: start.upper)
    else { return nil }
    return Int(line[start.upper..<end.lower])
  }

  /// The next lines as text; they count as written.
  func next(_ count: Int, padding: Int = 0) -> String {
    (0..<count).map { _ in
      written.append(written.count)
      return FollowScene.line(written.count - 1, padding: padding) + "\n"
    }.joined()
  }

  /// Appends whole lines to a file, which is made if need be.
  func write(_ name: String, lines: Int = 1, padding: Int = 0) {
    append(name, next(lines, padding: padding))
    step()
  }

  func append(_ name: String, _ text: String) { append(name, Array(text.utf8)) }

  func append(_ name: String, _ bytes: [UInt8]) {
    let number = open(folder.file(name), O_WRONLY | O_CREAT | O_APPEND, 0o644)
    precondition(number >= 0)
    precondition(Glibc.write(number, bytes, bytes.count) == bytes.count)
    close(number)
  }

  func rename(_ old: String, _ new: String) {
    precondition(Glibc.rename(folder.file(old), folder.file(new)) == 0)
    step()
  }

  func remove(_ name: String) {
    precondition(unlink(folder.file(name)) == 0)
    step()
  }

  func truncate(_ name: String) {
    precondition(Glibc.truncate(folder.file(name), 0) == 0)
    step()
  }

  /// Copies in two parts, as a slow copy is seen.
  func copy(_ old: String, _ new: String) {
    let bytes = folder.read(old)
    let half = bytes.count / 2
    append(new, Array(bytes[..<half]))
    step()
    append(new, Array(bytes[half...]))
    step()
  }

  /// Compresses in two parts and removes the original in the end, as gzip does.
  func compress(_ name: String, _ format: CompressionFormat = .gzip) {
    let bytes = SourceSamples.compress(folder.read(name), format)
    let end: String =
      switch format {
      case .plain: ".copy"
      case .gzip: ".gz"
      case .zstd: ".zst"
      case .lz4: ".lz4"
      }
    let half = bytes.count / 2
    append(name + end, Array(bytes[..<half]))
    step()
    append(name + end, Array(bytes[half...]))
    step()
    remove(name)
  }

  /// Lines that were not given once, and what else is wrong; empty when all is well.
  func faults() -> [String] {
    var counts: [Int: Int] = [:]
    var faults = recorder.faults
    for line in recorder.lines {
      guard let number = FollowScene.number(line), written.indices.contains(number) else {
        faults.append("a line nobody wrote: \(line.prefix(120))")
        continue
      }
      counts[number, default: 0] += 1
    }
    for number in written where counts[number] != 1 {
      faults.append("line \(number): \(counts[number] ?? 0) times")
    }
    return Array(faults.prefix(10))
  }
}

extension String {
  fileprivate struct Place {
    var lower: Index
    var upper: Index
  }

  fileprivate func range(of part: String, from start: Index? = nil) -> Place? {
    var index = start ?? startIndex
    while index < endIndex {
      if self[index...].hasPrefix(part) {
        return Place(lower: index, upper: self.index(index, offsetBy: part.count))
      }
      index = self.index(after: index)
    }
    return nil
  }
}
