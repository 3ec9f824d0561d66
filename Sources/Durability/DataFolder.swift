// A folder in which files appear whole or not at all: write aside, sync, rename, sync the folder.
//
// SAFETY: buffers passed to read and write are exactly as long as the counts given with them.

internal import Glibc

package struct DataFolder: Sendable {
  package let path: String

  /// Names of files being written end with this; recovery removes them.
  package static let temporarySuffix = ".part"

  package init(path: String) { self.path = path }

  /// Creates the folder if it is missing, and makes its name durable.
  package func create() throws(DurabilityError) {
    if mkdir(path, 0o755) == 0 { return try DataFolder(path: path + "/..").synchronize() }
    guard errno != EEXIST else { return }
    throw DurabilityError(operation: "create folder", path: path, code: errno)
  }

  package var exists: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a file of this name is there.
  package func contains(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

  /// Writes a file so that it is either the old one or the new one, whatever happens; `synchronize` makes the
  /// name itself durable.
  package func write(_ name: String, _ bytes: [UInt8]) throws(DurabilityError) {
    let temporary = file(name + DataFolder.temporarySuffix)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw DurabilityError(operation: "create", path: temporary, code: errno)
    }
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, temporary)
    guard fsync(descriptor) == 0 else {
      throw DurabilityError(operation: "sync", path: temporary, code: errno)
    }
    guard rename(temporary, file(name)) == 0 else {
      throw DurabilityError(operation: "rename", path: temporary, code: errno)
    }
  }

  /// Makes the names of written files durable.
  package func synchronize() throws(DurabilityError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw DurabilityError(operation: "open folder", path: path, code: errno)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw DurabilityError(operation: "sync folder", path: path, code: errno)
    }
  }

  /// The whole of a file.
  package func read(_ name: String) throws(DurabilityError) -> [UInt8] {
    let descriptor = open(file(name), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw DurabilityError(operation: "open", path: file(name), code: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw DurabilityError(operation: "stat", path: file(name), code: errno)
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      guard let target = buffer.baseAddress else { return }
      while count < buffer.count {
        let step = Glibc.read(descriptor, target + count, buffer.count - count)
        if step < 0 && errno == EINTR { continue }
        guard step > 0 else {
          failure = step < 0 ? errno : 0
          return
        }
        count += step
      }
    }
    guard failure == 0 else {
      throw DurabilityError(operation: "read", path: file(name), code: failure)
    }
    return bytes
  }

  /// The names of the folder's files, sorted.
  package func names() throws(DurabilityError) -> [String] {
    guard let folder = opendir(path) else {
      throw DurabilityError(operation: "list", path: path, code: errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file; one that is gone already is no error.
  package func remove(_ name: String) throws(DurabilityError) {
    guard unlink(file(name)) != 0, errno != ENOENT else { return }
    throw DurabilityError(operation: "remove", path: file(name), code: errno)
  }

  func file(_ name: String) -> String { path + "/" + name }

  private func writeAll(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(DurabilityError) {
    var failure: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      guard let source = buffer.baseAddress else { return }
      var offset = 0
      while offset < buffer.count {
        let step = Glibc.write(descriptor, source + offset, buffer.count - offset)
        if step < 0 && errno == EINTR { continue }
        guard step > 0 else {
          failure = step < 0 ? errno : EIO
          return
        }
        offset += step
      }
    }
    guard failure == 0 else {
      throw DurabilityError(operation: "write", path: path, code: failure)
    }
  }
}
