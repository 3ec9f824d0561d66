// Files of a data folder under power failures and failing calls: old or new, never anything between.

import Base
import Durability
import Glibc
import TestSupport
import Testing

@Suite("Data folders when the power fails")
struct DataFolderPowerFailureTests {
  private static let names = ["one", "two"]

  /// A file's versions: what is promised, and what may be there besides.
  private struct Versions {
    var promised: [UInt8]?
    var possible: [[UInt8]?] = []
  }

  @Test("a file is one that was written, the last one promised or a later one")
  func powerFailures() throws {
    try forAll(count: Cases.count(1000)) { random, place in
      let disk = SimulatedDisk(seed: random.next())
      let folder = DataFolder(path: "/data", system: disk)
      try folder.create()
      if random.isHit(0.3) {
        let effect = random.pick([DiskFault.Effect.halfway(EIO), .error(ENOSPC), .short(5)])
        disk.setFaults([DiskFault(effect, at: 1 + random.below(40), count: 1 + random.below(3))])
      }
      var files = [String: Versions]()
      var count = random.below(12)
      while count > 0 && change(folder, &files, &random) { count -= 1 }
      let after = DataFolder(path: "/data", system: disk.afterPowerFailure(&random))
      for name in Self.names {
        let versions = files[name] ?? Versions()
        let found = after.contains(name) ? try after.read(name) : nil
        #expect(
          found == versions.promised || versions.possible.contains(found),
          "\(place): \(name) has \(found?.count ?? -1) bytes")
      }
    }
  }

  /// Does one thing to the folder; false when that is the end for whoever asks for promises.
  private func change(
    _ folder: DataFolder, _ files: inout [String: Versions], _ random: inout PRNG
  ) -> Bool {
    let name = random.pick(Self.names)
    switch random.below(5) {
    case 0:
      guard (try? folder.synchronize()) != nil else { return false }
      for name in Self.names {
        guard let last = files[name]?.possible.last else { continue }
        files[name] = Versions(promised: last)
      }
    case 1:
      guard (try? folder.remove(name)) != nil else { break }
      files[name, default: Versions()].possible.append(nil)
    default:
      let bytes = random.bytes(1 + random.below(2000))
      do throws(DurabilityError) {
        try folder.write(name, bytes)
        files[name, default: Versions()].possible.append(bytes)
      } catch {
        // Nothing was changed.
      }
    }
    return true
  }

  @Test("a folder that was made is there, also when its maker was killed in between")
  func folderItself() throws {
    forAll(count: Cases.count(200)) { random, place in
      let disk = SimulatedDisk()
      let folder = DataFolder(path: "/data", system: disk)
      disk.setFaults([DiskFault(.error(EINTR), .synchronizeFolder, at: 1)])
      if random.isHit(0.5) { try? disk.makeFolder("/data") }
      #expect(throws: Never.self, "\(place)") { try folder.create() }
      #expect(disk.afterPowerFailure(&random).isFolder("/data"), "\(place)")
    }
  }

  @Test("a full disk leaves the old file and no rest")
  func fullDisk() throws {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    try folder.write("file", [1, 2, 3])
    disk.setCapacity(100)
    #expect(throws: DurabilityError(operation: "write", path: "//file.part", code: ENOSPC)) {
      try folder.write("file", [UInt8](repeating: 1, count: 200))
    }
    #expect(try folder.names() == ["file"] && folder.read("file") == [1, 2, 3])
    #expect(try folder.space().freeByteCount == 97)
  }
}
