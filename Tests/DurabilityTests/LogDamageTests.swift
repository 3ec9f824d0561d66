// Whatever happens to the bytes of a log, it never gives other records, and gives fewer only where nobody can know.

import Base
import Durability
import TestSupport
import Testing

@Suite("Damage to the log")
struct LogDamageTests {
  private static let sample = Result {
    try LogSample(byteCount: 64 << 10, seed: 1, salt: 0x1234_5678_9ABC_DEF0)
  }

  /// Tries changes of the sample on all processors; `change` gets a copy of its bytes each time.
  private func tryAll(
    _ sample: LogSample, _ count: Int,
    _ change: @escaping @Sendable (Int, UnsafeMutableRawBufferPointer) -> Int,
    _ isAllowed: @escaping @Sendable (Int, LogSample.Outcome) -> Bool
  ) {
    let wrong = Monitor<[String]>([])
    let stepCount = 256
    Threads.forEach((count + stepCount - 1) / stepCount, threadCount: Threads.processorCount) {
      step in
      let copy = UnsafeMutableRawBufferPointer.allocate(
        byteCount: sample.bytes.count, alignment: 8)
      defer { copy.deallocate() }
      var index = step * stepCount
      while index < min(count, (step + 1) * stepCount) {
        copy.copyBytes(from: sample.bytes)
        let byteCount = change(index, copy)
        let outcome = sample.read(UnsafeMutableRawBufferPointer(rebasing: copy[..<byteCount]))
        if !isAllowed(index, outcome) { wrong.update { $0.append("change \(index): \(outcome)") } }
        index += 1
      }
    }
    let found = wrong.update { $0 }
    #expect(found.isEmpty, "\(found.count) of \(count): \(found.prefix(5))")
  }

  @Test("the sample is read as it was written")
  func sound() throws {
    let sample = try Self.sample.get()
    #expect(sample.read(sample.bytes) == .records(sample.payloads.count, isTorn: false))
    #expect(sample.bytes.count >= 64 << 10 && sample.ends.last == sample.bytes.count)
  }

  @Test("each bit is turned: damage at the record that holds it")
  func bits() throws {
    let sample = try Self.sample.get()
    #if DEBUG
      let stride = Cases.isThorough ? 1 : 23
    #else
      let stride = 1
    #endif
    tryAll(sample, sample.bytes.count * 8 / stride) { index, bytes in
      bytes[index * stride / 8] ^= 1 << (index * stride % 8)
      return bytes.count
    } _: { index, outcome in
      // The last record or header that begins at or before the bit.
      let place = sample.ends.last { $0 <= index * stride / 8 } ?? 0
      return outcome == .damaged(offset: place)
    }
  }

  @Test("cut at each byte: the records before the cut, and torn unless it is between records")
  func cuts() throws {
    let sample = try Self.sample.get()
    #if DEBUG
      let stride = Cases.isThorough ? 1 : 7
    #else
      let stride = 1
    #endif
    tryAll(sample, sample.bytes.count / stride) { index, _ in
      index * stride
    } _: { index, outcome in
      let byteCount = index * stride
      let wholeCount = max(0, sample.ends.count { $0 <= byteCount } - 1)
      return outcome
        == .records(
          min(wholeCount, sample.payloads.count), isTorn: !sample.ends.contains(byteCount))
    }
  }

  @Test("what is wrong with a record, or where it should be, is told with the file")
  func places() throws {
    let folder = DataFolder(path: "/", system: SimulatedDisk())
    let log = try Log(folder, after: try LogRecovery.read(folder, from: 1) { _, _ in })
    for number in 0..<3 as Range<UInt8> { _ = try append(log, [number]) }
    let fault = #expect(throws: LogError.self) {
      try LogRecovery.read(folder, from: 1) { sequence, _ throws(RecordFault) in
        if sequence == 2 { throw RecordFault("no batch") }
      }
    }
    guard case .damaged(LogSample.name, let offset, "record 2: no batch")? = fault else {
      Issue.record("\(String(describing: fault))")
      return
    }
    #expect(offset > 0)
    try log.rotate()
    log.forget(before: 4)
    let missing = #expect(throws: LogError.self) {
      try LogRecovery.read(folder, from: 2) { _, _ in }
    }
    #expect(missing?.description.hasPrefix("00000002-log: ") == true)
  }

  @Test("a cut file before another one is damage, wherever it is cut")
  func cutBefore() throws {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    let log = try Log(folder, after: try LogRecovery.read(folder, from: 1) { _, _ in })
    for index in 0..<20 { _ = try append(log, [UInt8](repeating: 7, count: 1 + index * 9)) }
    try log.rotate()
    _ = try append(log, [1])
    try log.synchronize(through: log.last)
    let bytes = try #require(disk.bytes("/" + LogSample.name))
    #expect(try LogRecovery.read(folder, from: 1) { _, _ in }.recordCount == 21)
    for count in 0..<bytes.count {
      disk.place("/" + LogSample.name, Array(bytes.prefix(count)))
      #expect(throws: LogError.self) { try LogRecovery.read(folder, from: 1) { _, _ in } }
    }
  }

  private func append(_ log: Log, _ payload: [UInt8]) throws(LogError) -> UInt64 {
    let result = payload.withUnsafeBufferPointer { buffer in
      Result { () throws(LogError) in try log.append([ByteSlice(buffer)]) }
    }
    return try result.get()
  }

  @Test("blocks of 4 KiB are zeroed, doubled, exchanged, or of another file: damage, or the same")
  func blocks() throws {
    for seed in 1...UInt64(Cases.count(2)) {
      let sample = try LogSample(byteCount: 64 << 10, seed: seed, salt: 0xFEED_0000 &+ seed)
      let older = try LogSample(byteCount: 64 << 10, seed: seed, salt: 0xBEEF_0000 &+ seed)
      #expect(sample.bytes.count == older.bytes.count)
      let blocks = stride(from: 0, to: sample.bytes.count, by: 4096).map { start in
        start..<min(start + 4096, sample.bytes.count)
      }
      for (index, block) in blocks.enumerated() {
        var zeroed = sample.bytes
        zeroed.replaceSubrange(block, with: [UInt8](repeating: 0, count: block.count))
        expectSound(sample, zeroed, zeroedFrom: index == blocks.count - 1 ? block.lowerBound : nil)
        var replaced = sample.bytes
        replaced.replaceSubrange(block, with: older.bytes[block])
        expectSound(sample, replaced)
        for other in blocks[(index + 1)...] {
          let count = other.count
          var doubled = sample.bytes
          doubled.replaceSubrange(other, with: sample.bytes[block].prefix(count))
          expectSound(sample, doubled)
          doubled.replaceSubrange(block.prefix(count), with: sample.bytes[other])
          expectSound(sample, doubled)
        }
      }
    }
  }

  /// Damage or the same; where the end of the file was zeroed, also all that a record before it says was durable.
  private func expectSound(_ sample: LogSample, _ bytes: [UInt8], zeroedFrom end: Int? = nil) {
    let outcome = sample.read(bytes)
    switch outcome {
    case .damaged: break
    case .records(sample.payloads.count, isTorn: false): #expect(bytes == sample.bytes)
    case .records(let count, isTorn: true):
      let known = sample.ends.indices.last { sample.ends[$0] <= end ?? 0 } ?? 0
      #expect(end != nil && known > 0 && count >= sample.durable[known - 1], "\(outcome)")
    default: Issue.record("\(outcome)")
    }
  }

  @Test("sectors that are zero in a log that was closed are damage, also several of them")
  func zeroSectors() throws {
    let sample = try Self.sample.get()
    let sectors = sample.bytes.count / 512
    forAll(count: Cases.count(300)) { random, place in
      var bytes = sample.bytes
      for _ in 0...random.below(4) {
        let start = random.below(sectors) * 512
        bytes.replaceSubrange(start..<start + 512, with: [UInt8](repeating: 0, count: 512))
      }
      let outcome = sample.read(bytes)
      guard case .damaged = outcome else {
        Issue.record("\(place): \(outcome)")
        return
      }
    }
  }
}
