// What a log does when nothing goes wrong, on a real disk and on a simulated one.

import Base
import Durability
import Glibc
import TestSupport
import Testing

@Suite("The log")
struct LogTests {
  enum Disk: CaseIterable { case real, simulated }

  /// A folder on one of the disks; what it is in must live as long.
  private struct Place {
    let temporary = TemporaryFolder()
    let folder: DataFolder

    init(_ disk: Disk) throws {
      folder =
        disk == .real
        ? DataFolder(path: temporary.path)
        : DataFolder(path: "/", system: SimulatedDisk())
    }

    func read(from start: UInt64 = 1) throws -> (records: [[UInt8]], content: LogContent) {
      var records: [[UInt8]] = []
      let content = try LogRecovery.read(folder, from: start) { sequence, payload in
        #expect(sequence == start + UInt64(records.count))
        records.append(payload.array)
      }
      #expect(content.recordCount == records.count)
      #expect(content.next == start + UInt64(records.count))
      return (records, content)
    }

    func open(_ options: LogOptions = LogOptions()) throws -> Log {
      try Log(folder, after: try read().content, options: options)
    }
  }

  @Test("appends, synchronizes, recovers, rotates, forgets and goes on", arguments: Disk.allCases)
  func life(disk: Disk) throws {
    let place = try Place(disk)
    var log = try place.open()
    #expect(try place.folder.names().isEmpty && log.last == 0 && log.durable == 0)
    #expect(try append(log, [1, 2, 3]) == 1)
    #expect(try append(log, [4]) == 2)
    #expect(log.durable == 0)
    try log.synchronize(through: 1)
    #expect(log.durable == 2)
    try log.rotate()
    try log.rotate()
    #expect(try append(log, [5]) == 3)
    #expect(try place.folder.names() == ["00000001-log", "00000003-log"])

    log = try place.open()
    #expect(log.last == 3 && log.durable == 3)
    #expect(try append(log, [6]) == 4)
    #expect(try place.read().records == [[1, 2, 3], [4], [5], [6]])
    #expect(try place.folder.names().count == 3)
    log.forget(before: 3)
    #expect(try place.folder.names() == ["00000003-log", "00000004-log"])
    #expect(try place.read(from: 3).records == [[5], [6]])
    #expect(try place.read(from: 4).records == [[6]])
    #expect(throws: LogError.self) { try place.read(from: 2) }
    #expect(throws: LogError.self) { try place.read(from: 9) }
  }

  @Test("records of files that are still there count until those are removed")
  func byteCount() throws {
    let place = try Place(.simulated)
    let log = try place.open()
    var counts: [Int] = []
    for size in [100, 3000, 20] {
      _ = try append(log, [UInt8](repeating: 1, count: size))
      try log.synchronize(through: log.last)
      counts.append(log.byteCount)
      try log.rotate()
    }
    #expect(counts[0] > 100 && counts[1] > counts[0] + 3000 && counts[2] > counts[1] + 20)
    log.forget(before: 1)
    #expect(log.byteCount == counts[2])
    log.forget(before: 2)
    #expect(log.byteCount == counts[2] - counts[0])
    log.forget(before: 4)
    #expect(log.byteCount == 0)
  }

  @Test("a mark is left once, has no number, and is not handed out", arguments: Disk.allCases)
  func marks(disk: Disk) throws {
    let place = try Place(disk)
    var log = try place.open()
    log.markDurable()
    #expect(try place.folder.names().isEmpty)
    _ = try append(log, [1])
    log.markDurable()
    let unmarked = try place.folder.read("00000001-log").count
    try log.synchronize(through: 1)
    for _ in 0..<3 {
      log.markDurable()
      try log.synchronize(through: log.last)
    }
    #expect(try place.folder.read("00000001-log").count == unmarked + 40)
    log = try place.open()
    log.markDurable()
    #expect(try place.folder.names().count == 1)
    #expect(try append(log, [2]) == 2)
    #expect(try place.read().records == [[1], [2]])
  }

  @Test("a file that is full is left for a new one", arguments: Disk.allCases)
  func fullFile(disk: Disk) throws {
    let place = try Place(disk)
    var options = LogOptions()
    options.fileByteCount = 1000
    let log = try place.open(options)
    let records = (0..<40).map { [UInt8](repeating: UInt8($0), count: 100) }
    for record in records { _ = try append(log, record) }
    // A header of 32 bytes, and seven records of 32 + 100 + 4 bytes.
    #expect(try place.folder.names().count == 40 / 8 + 1)
    #expect(log.durable == 40)
    #expect(try place.read().records == records)
  }

  @Test("threads that synchronize together find all they wrote, in order", arguments: Disk.allCases)
  func groups(disk: Disk) throws {
    let place = try Place(disk)
    var options = LogOptions()
    options.fileByteCount = 4096
    let log = try place.open(options)
    let failures = Monitor(0)
    Threads.forEach(4, threadCount: 4) { thread in
      for index in 0..<100 {
        do throws(LogError) {
          let sequence = try append(log, [UInt8(thread), UInt8(index)])
          try log.synchronize(through: sequence)
          if log.durable < sequence { failures.update { $0 += 1 } }
          if index % 40 == 39 { try log.rotate() }
        } catch {
          failures.update { $0 += 1 }
        }
      }
    }
    #expect(failures.update { $0 } == 0)
    let records = try place.read().records
    for thread in 0..<4 {
      let own = records.filter { $0[0] == UInt8(thread) }.map { $0[1] }
      #expect(own == (0..<100).map { UInt8($0) })
    }
    #expect(records.count == 400)
  }

  @Test("a disk that is full refuses records, and takes them when there is room again")
  func fullDisk() throws {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    let log = try Log(folder, after: try LogRecovery.read(folder, from: 1) { _, _ in })
    disk.place("/other", [UInt8](repeating: 0, count: 5000))
    disk.setCapacity(10_000)
    var random = PRNG(seed: 1)
    var records: [[UInt8]] = []
    for _ in 0..<20 {
      var refusals = 0
      while refusals == 0 {
        let record = random.bytes(1000)
        do throws(LogError) {
          _ = try append(log, record)
          records.append(record)
        } catch {
          guard case .full = error else {
            Issue.record("\(error)")
            return
          }
          refusals += 1
        }
      }
      try log.synchronize(through: log.last)
      disk.setCapacity(10_000 + records.count * 1100)
    }
    #expect(records.count > 20)
    var recovered: [[UInt8]] = []
    _ = try LogRecovery.read(folder, from: 1) { recovered.append($1.array) }
    #expect(recovered == records)
  }

  @Test("a want of descriptors does not end the log: the full file goes on")
  func noDescriptors() throws {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    var options = LogOptions()
    options.fileByteCount = 100
    let log = try Log(
      folder, after: try LogRecovery.read(folder, from: 1) { _, _ in }, options: options)
    disk.setFaults([DiskFault(.error(EMFILE), .open, at: 1, count: 5)])
    let refused = LogError.full(
      DurabilityError(operation: "create", path: "//00000001-log.part", code: EMFILE))
    #expect(throws: refused) { try append(log, [0]) }
    disk.setFaults([])
    #expect(try append(log, [1]) == 1)
    disk.setFaults([DiskFault(.error(EMFILE), .open, at: 1, count: 5)])
    for index in 2...9 {
      #expect(try append(log, [UInt8(index)]) == UInt64(index))
      try log.synchronize(through: UInt64(index))
    }
    disk.setFaults([])
    #expect(try LogRecovery.read(folder, from: 1) { _, _ in }.recordCount == 9)
    #expect(try folder.names().count == 3)
  }

  @Test("a file whose name could not be synchronized is made anew, and records behind it are kept")
  func lostName() throws {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    var log = try Log(folder, after: try LogRecovery.read(folder, from: 1) { _, _ in })
    disk.setFaults([DiskFault(.error(EIO), .synchronizeFolder, at: 1)])
    #expect(throws: LogError.self) { try append(log, [1]) }
    #expect(throws: LogError.self) { try append(log, [1]) }
    disk.kill()
    log = try Log(folder, after: try LogRecovery.read(folder, from: 1) { _, _ in })
    try log.synchronize(through: try append(log, [2]))
    var random = PRNG(seed: 1)
    let after = DataFolder(path: "/", system: disk.afterPowerFailure(&random))
    var records: [[UInt8]] = []
    _ = try LogRecovery.read(after, from: 1) { records.append($1.array) }
    #expect(records == [[2]])
  }

  @Test("files with other names are none of the log's")
  func names() {
    for name in ["00000001-log", "12345678-log", "123456789-log"] {
      #expect(LogRecovery.isLogFile(name))
    }
    for name in ["1-log", "00000000-log", "+0000001-log", "000000001-log", "-log", "00000001-lo"] {
      #expect(!LogRecovery.isLogFile(name))
    }
  }

  @Test("the log of an earlier version is still read")
  func golden() throws {
    let bytes = try FormatSample.bytes("log")
    let disk = SimulatedDisk()
    disk.place("/00000007-log", bytes)
    let folder = DataFolder(path: "/", system: disk)
    var records: [String] = []
    let content = try LogRecovery.read(folder, from: 8) { records.append($1.text) }
    #expect(records == ["beyond", String(repeating: "\0", count: 9)])
    #expect(content.next == 10 && content.tornByteCount == 0)
    // And it is still written like that.
    #expect(try Self.goldenLog() == bytes)
  }

  /// Three records and a mark in a file that begins with number 7.
  static func goldenLog() throws -> [UInt8] {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    var options = LogOptions()
    options.salt = { 0x0123_4567_89AB_CDEF }
    let log = try Log(
      folder, after: try LogRecovery.read(folder, from: 1) { _, _ in }, options: options)
    for _ in 1...6 { _ = try append(log, [0]) }
    try log.rotate()
    _ = try append(log, Array("beacon".utf8))
    _ = try append(log, Array("beyond".utf8))
    try log.synchronize(through: 8)
    _ = try append(log, [UInt8](repeating: 0, count: 9))
    try log.synchronize(through: 9)
    log.markDurable()
    return try #require(disk.bytes("/00000007-log"))
  }
}

/// Appends a record of these bytes.
private func append(_ log: Log, _ payload: [UInt8]) throws(LogError) -> UInt64 {
  let result = payload.withUnsafeBufferPointer { buffer in
    Result { () throws(LogError) in try log.append([ByteSlice(buffer)]) }
  }
  return try result.get()
}
