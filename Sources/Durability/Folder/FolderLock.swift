// One writer per data directory. The lock is the kernel's (flock) and goes with the process, however it ends; the
// file's text says who holds it.

internal import Glibc

package final class FolderLock: Sendable {
  private let folder: DataFolder
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
    self.folder = folder
    do throws(DurabilityError) {
      descriptor = try folder.open(FolderLock.fileName, .openOrCreate, "open lock")
    } catch {
      throw .system(error)
    }
    do throws(SystemError) {
      let descriptor = descriptor
      try folder.system.retrying { () throws(SystemError) in try folder.system.lock(descriptor) }
    } catch {
      let holder = (try? folder.read(FolderLock.fileName)) ?? []
      guard error.code == EWOULDBLOCK else {
        let path = folder.file(FolderLock.fileName)
        throw .system(DurabilityError(operation: "lock", path: path, code: error.code))
      }
      throw .held(by: String(decoding: holder, as: UTF8.self))
    }
    sign()
  }

  /// The text only serves the message above; that it could not be written changes nothing.
  private func sign() {
    let text = Array("process \(getpid())".utf8)
    try? folder.system.truncate(descriptor, to: 0)
    // SAFETY: the buffer is the array's own.
    text.withUnsafeBytes { try? folder.system.writeAll(descriptor, $0, at: 0) }
  }

  deinit { folder.system.close(descriptor) }
}
