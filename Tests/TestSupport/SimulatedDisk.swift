// A disk in memory that forgets, tears and refuses: what stands behind the door to the disk in tests of durability.
//
// `afterPowerFailure` gives the disk as it may look then: writes that were not synchronized are there or not, sector by
// sector; lengths and cuts too; names that were not synchronized are there or not. Nothing else is lost.

package import Base
package import Durability
import Glibc

package final class SimulatedDisk: FileSystem {
  private let state: Monitor<SimulatedDiskState>

  /// An empty disk with a folder "/". The seed decides what a failed synchronization leaves.
  package convenience init(seed: UInt64 = 1) {
    self.init(SimulatedDiskState(random: PRNG(seed: seed)))
  }

  private init(_ state: SimulatedDiskState) { self.state = Monitor(state) }

  // MARK: What happens to it

  /// The disk as it may be after a power failure now. This one goes on.
  package func afterPowerFailure(_ random: inout PRNG) -> SimulatedDisk {
    state.update { SimulatedDisk($0.afterPowerFailure(&random)) }
  }

  /// The process ends: locks and open files go. What it wrote stays, synchronized or not.
  package func kill() { state.update { $0.descriptors = [:] } }

  /// The system writes some of what was not synchronized, sector by sector.
  package func writeBack(_ random: inout PRNG) {
    state.update { state in
      for number in state.files.keys.sorted() { state.files[number]?.writeBack(&random) }
    }
  }

  /// Lets calls go wrong that come after this one; those before are forgotten.
  package func setFaults(_ faults: [DiskFault]) { state.update { $0.faults = faults } }

  /// How many bytes all files may have together; nil for no limit.
  package func setCapacity(_ byteCount: Int?) { state.update { $0.capacity = byteCount } }

  /// How many calls came so far that may go wrong.
  package var callCount: Int { state.update { $0.callCount } }

  /// How many bytes all files have together.
  package var usedByteCount: Int { state.update { $0.usedByteCount } }

  /// Makes a file that is on the platter as it is; its folder must be there.
  package func place(_ path: String, _ bytes: [UInt8]) { state.update { $0.place(path, bytes) } }

  /// The bytes of a file as the system shows them; nil if there is none.
  package func bytes(_ path: String) -> [UInt8]? {
    state.update { state in state.find(path).flatMap { state.files[$0]?.cached } }
  }

  // MARK: Files

  package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
    try state.update { state throws(SystemError) in
      try state.check(.open)
      return try state.open(path, mode)
    }
  }

  package func close(_ file: Int32) { state.update { $0.descriptors[file] = nil } }

  package func read(
    _ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    try state.update { state throws(SystemError) in
      let most = try state.check(.read) ?? target.count
      let part = UnsafeMutableRawBufferPointer(rebasing: target[..<min(most, target.count)])
      return try state.withFile(file) { file, _ in file.read(into: part, at: offset) }
    }
  }

  package func write(
    _ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    try state.update { state throws(SystemError) in try state.write(file, bytes, at: offset) }
  }

  package func byteCount(_ file: Int32) throws(SystemError) -> Int {
    try state.update { state throws(SystemError) in
      try state.check(.byteCount)
      return try state.withFile(file) { file, _ in file.cached.count }
    }
  }

  package func truncate(_ file: Int32, to byteCount: Int) throws(SystemError) {
    try state.update { state throws(SystemError) in
      try state.check(.truncate)
      try state.withFile(file) { file, _ in file.truncate(to: byteCount) }
    }
  }

  package func synchronize(_ file: Int32) throws(SystemError) {
    try state.update { state throws(SystemError) in
      let failure = Result { () throws(SystemError) in try state.check(.synchronize) }
      try state.withFile(file) { file, random in
        switch failure {
        case .success: file.synchronize()
        case .failure(let error) where error.code == EINTR: break
        case .failure: file.failSynchronization(&random)
        }
      }
      _ = try failure.get()
    }
  }

  package func lock(_ file: Int32) throws(SystemError) {
    try state.update { state throws(SystemError) in
      try state.check(.lock)
      try state.lock(file)
    }
  }

  // MARK: Names

  package func rename(_ path: String, to target: String) throws(SystemError) {
    try state.update { state throws(SystemError) in
      try state.check(.rename)
      try state.rename(path, to: target)
    }
  }

  package func remove(_ path: String) throws(SystemError) {
    try state.update { state throws(SystemError) in
      try state.check(.remove)
      try state.remove(path)
    }
  }

  package func makeFolder(_ path: String) throws(SystemError) {
    try state.update { state throws(SystemError) in
      try state.check(.makeFolder)
      try state.makeFolder(path)
    }
  }

  package func names(in path: String) throws(SystemError) -> [String] {
    try state.update { state throws(SystemError) in
      try state.check(.names)
      return try state.folder(path).names.cached.keys.shuffled(using: &state.random)
    }
  }

  package func synchronizeFolder(_ path: String) throws(SystemError) {
    try state.update { state throws(SystemError) in
      let failure = Result { () throws(SystemError) in try state.check(.synchronizeFolder) }
      let number = try state.folder(path).number
      switch failure {
      case .success: state.folders[number]?.synchronize()
      case .failure(let error) where error.code == EINTR: break
      case .failure: state.folders[number]?.failSynchronization()
      }
      _ = try failure.get()
    }
  }

  package func isFolder(_ path: String) -> Bool {
    state.update { state in state.find(path).map { state.folders[$0] != nil } ?? false }
  }

  package func exists(_ path: String) -> Bool { state.update { $0.find(path) != nil } }

  package func space(of path: String) throws(SystemError) -> DiskSpace {
    try state.update { state throws(SystemError) in
      try state.check(.space)
      let capacity = state.capacity ?? 1 << 40
      return DiskSpace(
        freeByteCount: max(0, capacity - state.usedByteCount), byteCount: capacity)
    }
  }
}
