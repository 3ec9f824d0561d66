import Base
import Glibc
import Ingest
import TestSupport
import Testing

/// Anything that writers, rotation, disks and crashes do, in any order: every line once.
@Suite("Following files through anything")
struct FollowRandomTests {
  /// A log with its rotated files, as one writer and one rotation have them.
  private struct Log {
    let name: String
    var rotationCount = 0
    /// Files that rotation left, not compressed yet.
    var plain: [String] = []
    /// How much of the last line was written.
    var rest: [UInt8] = []

    mutating func rotatedName(_ random: inout PRNG) -> String {
      rotationCount += 1
      return name + (random.isHit(0.5) ? ".\(rotationCount)" : "-202611\(10 + rotationCount)")
    }
  }

  @Test("every line is taken once, whatever happens")
  func anything() throws {
    try forAll(count: Cases.count(120)) { random, seed in
      let scene = try FollowScene(random.pick(["*", "log*", ""]))
      var logs = ["log", "log_b"].map { Log(name: $0) }
      let refusal = random.pick([0, 0, 0.2, 0.6])
      var refusals = random.fork(1)
      scene.recorder.refuses = { refusals.isHit(refusal) }
      for _ in 0..<(20 + random.below(60)) {
        let index = random.below(logs.count)
        act(scene, &logs[index], &random)
      }
      for index in logs.indices { complete(scene, &logs[index]) }
      if random.isHit(0.5) { scene.restart() }
      scene.recorder.refuses = { false }
      scene.settle()
      let faults = scene.faults()
      #expect(faults.isEmpty, "\(seed)")
    }
  }

  private func act(_ scene: FollowScene, _ log: inout Log, _ random: inout PRNG) {
    switch random.below(20) {
    case 0..<6:
      complete(scene, &log)
      let padding = random.isHit(0.1) ? 3000 : random.below(50)
      scene.append(log.name, scene.next(1 + random.below(12), padding: padding))
    case 6: writePart(scene, &log, &random)
    case 7..<12: scene.poll(after: Int64(random.pick([1, 200, 700])))
    case 12: scene.restart()
    case 13: for _ in 0..<5 { scene.poll(after: 500) }
    case 14: rename(scene, &log, &random)
    case 15: copyAndTruncate(scene, &log, &random)
    case 16, 17: compress(scene, &log, &random)
    case 18: rewrite(scene, &log)
    default: moveOn(scene, &log, &random)
    }
  }

  /// The beginning of a line; the rest follows before anything else is done to the file.
  private func writePart(_ scene: FollowScene, _ log: inout Log, _ random: inout PRNG) {
    complete(scene, &log)
    let line = Array(scene.next(1).utf8)
    let count = 1 + random.below(line.count - 1)
    scene.append(log.name, Array(line[..<count]))
    log.rest = Array(line[count...])
  }

  private func complete(_ scene: FollowScene, _ log: inout Log) {
    if !log.rest.isEmpty { scene.append(log.name, log.rest) }
    log.rest = []
  }

  private func exists(_ scene: FollowScene, _ name: String) -> Bool {
    scene.folder.names.contains(name)
  }

  private func rename(_ scene: FollowScene, _ log: inout Log, _ random: inout PRNG) {
    guard exists(scene, log.name) else { return }
    complete(scene, &log)
    let name = log.rotatedName(&random)
    Glibc.rename(scene.folder.file(log.name), scene.folder.file(name))
    log.plain.append(name)
    if random.isHit(0.3) { scene.poll() }
    // The writer still has the old file.
    if random.isHit(0.3) { scene.append(name, scene.next(2)) }
  }

  private func copyAndTruncate(_ scene: FollowScene, _ log: inout Log, _ random: inout PRNG) {
    guard exists(scene, log.name) else { return }
    complete(scene, &log)
    let name = log.rotatedName(&random)
    let bytes = scene.folder.read(log.name)
    let count = random.below(bytes.count + 1)
    scene.append(name, Array(bytes[..<count]))
    interrupt(scene, &random)
    scene.append(name, Array(bytes[count...]))
    interrupt(scene, &random)
    Glibc.truncate(scene.folder.file(log.name), 0)
    log.plain.append(name)
  }

  /// A look, or a crash, in the middle of something.
  private func interrupt(_ scene: FollowScene, _ random: inout PRNG) {
    if random.isHit(0.2) { scene.restart() }
    if random.isHit(0.5) { scene.poll() }
  }

  private func compress(_ scene: FollowScene, _ log: inout Log, _ random: inout PRNG) {
    guard !log.plain.isEmpty else { return }
    let name = log.plain.remove(at: random.below(log.plain.count))
    let (format, end) = random.pick([
      (CompressionFormat.gzip, ".gz"), (.zstd, ".zst"), (.lz4, ".lz4"),
    ])
    let bytes = SourceSamples.compress(scene.folder.read(name), format)
    let count = random.below(bytes.count + 1)
    scene.append(name + end, Array(bytes[..<count]))
    interrupt(scene, &random)
    scene.append(name + end, Array(bytes[count...]))
    interrupt(scene, &random)
    scene.folder.remove(name)
  }

  /// The file is truncated and written anew once all of it was taken.
  private func rewrite(_ scene: FollowScene, _ log: inout Log) {
    guard exists(scene, log.name) else { return }
    complete(scene, &log)
    let refuses = scene.recorder.refuses
    scene.recorder.refuses = { false }
    scene.settle()
    scene.recorder.refuses = refuses
    let byteCount = scene.folder.read(log.name).count
    Glibc.truncate(scene.folder.file(log.name), 0)
    scene.append(log.name, scene.next(1 + byteCount / 60))
  }

  /// A rotated file gets the next name.
  private func moveOn(_ scene: FollowScene, _ log: inout Log, _ random: inout PRNG) {
    guard !log.plain.isEmpty else { return }
    let index = random.below(log.plain.count)
    let name = log.plain[index] + ".0"
    Glibc.rename(scene.folder.file(log.plain[index]), scene.folder.file(name))
    log.plain[index] = name
  }
}
