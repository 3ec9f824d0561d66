// One writer per data directory. The lock is the kernel's (flock) and goes with the process, however it ends; the
// file's text says who holds it.

internal import Glibc

package final class FolderLock: Sendable {
  private let descriptor: Int32

  package static let fileName = "lock"

  /// Why the lock could not be had.
  package enum Failure: Error, Equatable, Sendable {
    /// Another process has it; its number, as far as it told.
    case held(by: String)
    case system(DurabilityError)
  }

  /// Takes the lock of `folder` or fails at once.
  package init(_ folder: DataFolder) throws(Failure) {
    let path = folder.file(FolderLock.fileName)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .system(DurabilityError(operation: "open lock", path: path, code: errno))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? folder.read(FolderLock.fileName)) ?? []
      close(descriptor)
      throw .held(by: String(decoding: holder, as: UTF8.self))
    }
    let text = Array("process \(getpid())".utf8)
    ftruncate(descriptor, 0)
    // The text only serves the message above; that it could not be written changes nothing.
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { close(descriptor) }
}
