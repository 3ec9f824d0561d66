// The disk that other tests believe in: what it must lose, may lose and must not lose.

import Base
import Durability
import Glibc
import TestSupport
import Testing

@Suite("The simulated disk")
struct SimulatedDiskTests {
  private let disk = SimulatedDisk()

  private func write(_ file: Int32, _ bytes: [UInt8], at offset: Int) throws -> Int {
    try bytes.withUnsafeBytes { try disk.write(file, $0, at: offset) }
  }

  /// The forms a file has after many power failures; nil where it is gone.
  private func outcomes(_ path: String, count: Int = 200) -> Set<[UInt8]?> {
    var random = PRNG(seed: 7)
    return Set((0..<count).map { _ in disk.afterPowerFailure(&random).bytes(path) })
  }

  @Test("what was synchronized stays, and what was not is there sector by sector")
  func sectors() throws {
    let file = try disk.open("/file", .create)
    #expect(try write(file, [UInt8](repeating: 1, count: 512), at: 0) == 512)
    try disk.synchronize(file)
    #expect(outcomes("/file") == [nil, [UInt8](repeating: 1, count: 512)])
    try disk.synchronizeFolder("/")
    #expect(outcomes("/file") == [[UInt8](repeating: 1, count: 512)])
    #expect(try write(file, [UInt8](repeating: 2, count: 1024), at: 0) == 1024)
    let found = outcomes("/file", count: 2000)
    let parts = found.map { bytes in
      stride(from: 0, to: bytes?.count ?? 0, by: 512).map { bytes?[$0] ?? 9 }
    }
    for part in [[1], [2], [1, 0], [1, 2], [2, 0], [2, 2]] as [[UInt8]] {
      #expect(parts.contains(part))
    }
    #expect(found.contains { ($0?.count ?? 0) % 512 != 0 })
    for bytes in found {
      for start in stride(from: 0, to: bytes?.count ?? 0, by: 512) {
        #expect(Set(bytes?[start..<min(start + 512, bytes?.count ?? 0)] ?? []).count == 1)
      }
    }
  }

  @Test("cuts, names and removals happen or not until they are synchronized")
  func names() throws {
    let file = try disk.open("/file", .create)
    _ = try write(file, [1, 2, 3], at: 0)
    try disk.synchronize(file)
    try disk.synchronizeFolder("/")
    try disk.truncate(file, to: 1)
    let cuts = outcomes("/file")
    #expect(cuts.isSuperset(of: [[1], [1, 2, 3]]) && cuts.allSatisfy { $0?.first == 1 })
    try disk.synchronize(file)
    try disk.rename("/file", to: "/other")
    #expect(disk.bytes("/file") == nil && disk.bytes("/other") == [1])
    #expect(outcomes("/file") == [nil, [1]] && outcomes("/other") == [nil, [1]])
    var random = PRNG(seed: 1)
    for _ in 0..<50 {
      let after = disk.afterPowerFailure(&random)
      #expect((after.bytes("/file") == nil) != (after.bytes("/other") == nil))
    }
    try disk.synchronizeFolder("/")
    #expect(outcomes("/file") == [nil] && outcomes("/other") == [[1]])
    try disk.remove("/other")
    #expect(outcomes("/other") == [nil, [1]])
    #expect(throws: SystemError(ENOENT)) { try disk.open("/other", .read) }
  }

  @Test("a synchronization that fails loses what it was for, and the next one lies")
  func failedSynchronization() throws {
    let file = try disk.open("/file", .create)
    try disk.synchronizeFolder("/")
    _ = try write(file, [UInt8](repeating: 1, count: 5120), at: 0)
    disk.setFaults([DiskFault(.error(EIO), .synchronize, at: 1)])
    #expect(throws: SystemError(EIO)) { try disk.synchronize(file) }
    try disk.synchronize(file)
    let after = try #require(outcomes("/file").first ?? nil)
    #expect(disk.bytes("/file")?.contains(0) == false && after.contains(0))
    // Bytes that are written once more are kept.
    _ = try write(file, [UInt8](repeating: 1, count: 5120), at: 0)
    try disk.synchronize(file)
    #expect(outcomes("/file") == [[UInt8](repeating: 1, count: 5120)])
  }

  @Test("calls fail as they are told, move less, and run out of room")
  func faults() throws {
    let file = try disk.open("/file", .create)
    disk.setFaults([
      DiskFault(.short(2), .write, at: 1), DiskFault(.halfway(EIO), .write, at: 2),
      DiskFault(.error(EMFILE), .open, at: 1, count: 2),
    ])
    #expect(try write(file, [1, 2, 3], at: 0) == 2)
    #expect(throws: SystemError(EIO)) { try write(file, [3, 4], at: 2) }
    #expect(disk.bytes("/file") == [1, 2, 3])
    for _ in 0..<2 {
      #expect(throws: SystemError(EMFILE)) { try disk.open("/file", .read) }
    }
    let reader = try disk.open("/file", .read)
    #expect(throws: SystemError(EBADF)) { try write(reader, [1], at: 0) }
    disk.setCapacity(5)
    #expect(try write(file, [1, 2, 3], at: 3) == 2)
    #expect(throws: SystemError(ENOSPC)) { try write(file, [1], at: 5) }
    #expect(try write(file, [9], at: 0) == 1)
    try disk.remove("/file")
    #expect(disk.usedByteCount == 5)
    disk.close(file)
    disk.close(reader)
    #expect(disk.usedByteCount == 0)
  }

  @Test("the same seed gives the same disk")
  func seeds() throws {
    let file = try disk.open("/file", .create)
    _ = try write(file, [UInt8](repeating: 1, count: 9000), at: 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      var first = PRNG(seed: seed)
      var second = PRNG(seed: seed)
      let once = disk.afterPowerFailure(&first).bytes("/file")
      #expect(once == disk.afterPowerFailure(&second).bytes("/file"))
    }
  }
}
