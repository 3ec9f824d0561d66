// The real file system.
//
// SAFETY: buffers are exactly as long as the counts given with them.

internal import Glibc

package struct SystemCalls: FileSystem {
  package init() {}

  package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
    let flags =
      switch mode {
      case .read: O_RDONLY
      case .update: O_RDWR
      case .create: O_RDWR | O_CREAT | O_TRUNC
      case .openOrCreate: O_RDWR | O_CREAT
      }
    return try checked(Glibc.open(path, flags | O_CLOEXEC, 0o644))
  }

  package func close(_ file: Int32) { _ = Glibc.close(file) }

  package func read(
    _ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    try checked(pread(file, target.baseAddress, target.count, offset))
  }

  package func write(
    _ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    let count = try checked(pwrite(file, bytes.baseAddress, bytes.count, offset))
    // A disk that takes nothing and names no reason would be asked for ever.
    guard count > 0 || bytes.isEmpty else { throw SystemError(EIO) }
    return count
  }

  package func byteCount(_ file: Int32) throws(SystemError) -> Int {
    var status = stat()
    _ = try checked(fstat(file, &status))
    return Int(status.st_size)
  }

  package func truncate(_ file: Int32, to byteCount: Int) throws(SystemError) {
    _ = try checked(ftruncate(file, byteCount))
  }

  package func synchronize(_ file: Int32) throws(SystemError) { _ = try checked(fdatasync(file)) }

  package func lock(_ file: Int32) throws(SystemError) {
    _ = try checked(flock(file, LOCK_EX | LOCK_NB))
  }

  package func rename(_ path: String, to target: String) throws(SystemError) {
    _ = try checked(Glibc.rename(path, target))
  }

  package func remove(_ path: String) throws(SystemError) { _ = try checked(unlink(path)) }

  package func makeFolder(_ path: String) throws(SystemError) {
    _ = try checked(mkdir(path, 0o755))
  }

  package func names(in path: String) throws(SystemError) -> [String] {
    guard let folder = opendir(path) else { throw SystemError(errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      // Only it tells an error from the end.
      errno = 0
      guard let entry = readdir(folder) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw SystemError(errno) }
    return names
  }

  package func synchronizeFolder(_ path: String) throws(SystemError) {
    let folder = try checked(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    defer { close(folder) }
    _ = try checked(fsync(folder))
  }

  package func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  package func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package func space(of path: String) throws(SystemError) -> DiskSpace {
    var status = statvfs()
    _ = try checked(statvfs(path, &status))
    return DiskSpace(
      freeByteCount: Int(status.f_bavail) * Int(status.f_frsize),
      byteCount: Int(status.f_blocks) * Int(status.f_frsize))
  }

  private func checked<Result: SignedInteger>(_ result: Result) throws(SystemError) -> Result {
    guard result >= 0 else { throw SystemError(errno) }
    return result
  }
}

extension SystemError {
  /// A signal came; nothing was done.
  var isInterruption: Bool { code == EINTR }

  /// The disk, or what one may use of it, is full.
  package var isLackOfSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
}
