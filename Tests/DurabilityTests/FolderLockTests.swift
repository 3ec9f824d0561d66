import Base
import Durability
import Glibc
import TestSupport
import Testing

@Suite("The lock of a data folder")
struct FolderLockTests {
  @Test("a second writer is refused, told who holds the lock, and let in afterwards")
  func secondWriter() throws {
    let temporary = TemporaryFolder()
    let folder = DataFolder(path: temporary.path)
    var first: FolderLock? = try FolderLock(folder)
    #expect(throws: FolderLock.Failure.held(by: "process \(getpid())")) { try FolderLock(folder) }
    #expect(first != nil)
    first = nil
    _ = try FolderLock(folder)
  }

  @Test("a process that is killed leaves its lock free", .enabled(if: hasLockCommand))
  func killedProcess() throws {
    let temporary = TemporaryFolder()
    let folder = DataFolder(path: temporary.path)
    temporary.write("lock", "process of another program")
    let process = try start(["flock", "--no-fork", temporary.file("lock"), "sleep", "600"])
    defer { waitpid(process, nil, 0) }
    var refusals = 0
    // The other program takes the lock in its own time.
    while refusals == 0 {
      do {
        _ = try FolderLock(folder)
        temporary.write("lock", "process of another program")
        usleep(1000)
      } catch {
        #expect(error == .held(by: "process of another program"))
        refusals += 1
      }
    }
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    _ = try FolderLock(folder)
    let holder = String(decoding: temporary.read("lock"), as: UTF8.self)
    #expect(holder == "process \(getpid())")
  }

  @Test("through the door: held, free after a kill or a power failure, or a failure of the system")
  func simulatedDisk() throws {
    let disk = SimulatedDisk()
    let folder = DataFolder(path: "/", system: disk)
    let first = try FolderLock(folder)
    #expect(throws: FolderLock.Failure.held(by: "process \(getpid())")) { try FolderLock(folder) }
    var random = PRNG(seed: 1)
    _ = try FolderLock(DataFolder(path: "/", system: disk.afterPowerFailure(&random)))
    disk.kill()
    withExtendedLifetime(first) {}
    disk.setFaults([DiskFault(.error(ENOLCK), .lock, at: 1)])
    let error = DurabilityError(operation: "lock", path: "//lock", code: ENOLCK)
    #expect(throws: FolderLock.Failure.system(error)) { try FolderLock(folder) }
    // Who holds it is only told; that it cannot be written does not matter.
    disk.setFaults([DiskFault(.error(ENOSPC), .write, at: 1)])
    let lock = try FolderLock(folder)
    #expect(throws: FolderLock.Failure.held(by: "")) { try FolderLock(folder) }
    withExtendedLifetime(lock) {}
  }

  @Test("a folder that is not there is a failure of the system")
  func missingFolder() {
    let path = "/tmp/beacon-no-such-folder"
    let error = DurabilityError(operation: "open lock", path: "\(path)/lock", code: ENOENT)
    #expect(throws: FolderLock.Failure.system(error)) {
      try FolderLock(DataFolder(path: path))
    }
  }

  private static var hasLockCommand: Bool { access("/usr/bin/flock", X_OK) == 0 }

  private struct CannotStart: Error {}

  private func start(_ words: [String]) throws -> pid_t {
    var process = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    guard posix_spawn(&process, "/usr/bin/flock", nil, nil, arguments, environ) == 0 else {
      throw CannotStart()
    }
    return process
  }
}
