// A log over a simulated disk beside what it must remember: every record that was appended, and how many of them were
// acknowledged.

import Base
import Durability
import TestSupport
import Testing

final class LogModel {
  private(set) var disk: SimulatedDisk
  private(set) var folder: DataFolder
  private(set) var log: Log?
  /// Payloads by number; the first record has number 1.
  private(set) var appended: [[UInt8]] = []
  private(set) var acknowledged: UInt64 = 0
  /// The first record that is not saved elsewhere.
  private(set) var start: UInt64 = 1
  /// What was on disk when the log failed, if it did since it was opened.
  private var durableAtFailure: UInt64?
  var options = LogOptions()
  private var random: PRNG

  init(seed: UInt64) throws {
    random = PRNG(seed: seed)
    disk = SimulatedDisk(seed: seed)
    folder = DataFolder(path: "/data", system: disk)
    try folder.create()
    options.fileByteCount = 1 << (9 + random.below(10))
    var salts = random.fork(1)
    let salt = salts.next()
    options.salt = { salt }
  }

  // MARK: What is done to the log

  enum Step: CaseIterable {
    case append, appendMany, synchronize, rotate, save, mark, writeBack, reopen
  }

  /// Does one step, as far as the log lets it.
  func run(_ step: Step) {
    switch step {
    case .append: append(payload())
    case .appendMany: for _ in 0..<8 { append(payload()) }
    case .synchronize: synchronize(through: UInt64(appended.count))
    case .rotate: note { () throws(LogError) in try log?.rotate() }
    case .save: save()
    case .mark: log?.markDurable()
    case .writeBack: disk.writeBack(&random)
    case .reopen: try? reopen()
    }
  }

  func run(_ steps: [Step]) { for step in steps { run(step) } }

  /// Mostly what streams do, sometimes everything else.
  static func script(_ count: Int, _ random: inout PRNG) -> [Step] {
    (0..<count).map { _ in
      random.isHit(0.6)
        ? random.pick([.append, .append, .appendMany, .synchronize]) : random.pick(Step.allCases)
    }
  }

  private func payload() -> [UInt8] {
    let count = 1 + random.below(random.pick([2, 40, 600, 3000]))
    if random.isHit(0.1) { return [UInt8](repeating: random.pick([0, 0xBE, 0xFF]), count: count) }
    return random.bytes(count)
  }

  func append(_ payload: [UInt8]) {
    note { () throws(LogError) in
      guard let log else { return }
      let half = payload.count / 2
      let result = payload.withUnsafeBufferPointer { buffer in
        let slice = ByteSlice(buffer)
        return Result { () throws(LogError) in
          try log.append([slice.slice(from: 0, to: half), slice.suffix(from: half)])
        }
      }
      let sequence = try result.get()
      appended.append(payload)
      #expect(sequence == UInt64(appended.count))
    }
  }

  func synchronize(through sequence: UInt64) {
    note { () throws(LogError) in
      guard let log else { return }
      try log.synchronize(through: sequence)
      // What was on disk before the failure may be told after it.
      if let durableAtFailure { #expect(sequence <= durableAtFailure) }
      acknowledged = max(acknowledged, sequence)
    }
  }

  private func save() {
    note { () throws(LogError) in
      guard let log else { return }
      try log.rotate()
      let last = UInt64(appended.count)
      try log.synchronize(through: last)
      acknowledged = max(acknowledged, last)
      start = last + 1
      log.forget(before: start)
    }
  }

  private func note(_ body: () throws(LogError) -> Void) {
    do throws(LogError) {
      try body()
    } catch {
      if case .failed = error, durableAtFailure == nil { durableAtFailure = log?.durable }
      #expect((log?.failure == nil) == (durableAtFailure == nil))
      refusals += 1
    }
  }

  /// How often the log did not do what it was asked.
  private(set) var refusals = 0

  // MARK: Ends and beginnings

  /// The process is killed and started again; nothing is lost that was written.
  func reopen() throws {
    log = nil
    disk.kill()
    try recover()
  }

  /// The power fails, and comes back.
  func failPower(_ random: inout PRNG) {
    log = nil
    use(disk.afterPowerFailure(&random))
  }

  private func use(_ disk: SimulatedDisk) {
    self.disk = disk
    folder = DataFolder(path: "/data", system: disk)
  }

  /// Recovers, compares what was recovered, and goes on behind it.
  func recover(_ place: String = "") throws {
    durableAtFailure = nil
    let content = try check(place)
    log = try Log(folder, after: content, options: options)
    acknowledged = content.next - 1
    appended.removeLast(appended.count - Int(content.next - 1))
  }

  /// Reads the log and compares it with what must be and may be there.
  @discardableResult
  func check(_ place: String) throws -> LogContent {
    var expected = start
    var content: LogContent?
    do throws(LogError) {
      content = try LogRecovery.read(folder, from: start) { sequence, payload in
        if sequence != expected || payload.array != appended[Int(sequence) - 1] {
          Issue.record("\(place): \(sequence) where \(expected) should be")
        }
        expected += 1
      }
    } catch {
      if case .damaged = error {
        Issue.record("\(place): \(error); \(acknowledged) of \(appended.count) acknowledged")
      }
      throw error
    }
    guard let content else { throw LogError.tooLarge(byteCount: 0) }
    if content.next != expected || content.next <= acknowledged {
      Issue.record("\(place): up to \(content.next - 1), acknowledged \(acknowledged)")
    }
    return content
  }
}
