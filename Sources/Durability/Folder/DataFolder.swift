// A folder in which files appear whole or not at all: write aside, sync, rename, sync the folder.
//
// SAFETY: buffers passed to read and write are exactly as long as the counts given with them.

internal import Glibc

package struct DataFolder: Sendable {
  package let path: String
  let system: any FileSystem

  /// Names of files being written end with this; recovery removes them.
  package static let temporarySuffix = ".part"

  package init(path: String, system: any FileSystem = SystemCalls()) {
    self.path = path
    self.system = system
  }

  /// Creates the folder if it is missing, and makes its name durable.
  package func create() throws(DurabilityError) {
    do throws(SystemError) {
      try system.retrying { () throws(SystemError) in try system.makeFolder(path) }
    } catch {
      guard error.code == EEXIST else {
        throw DurabilityError(operation: "create folder", path: path, code: error.code)
      }
    }
    // Also when it is there: whoever made it may have been killed before this.
    do throws(DurabilityError) {
      try DataFolder(path: path + "/..", system: system).synchronize()
    } catch {
      // A folder that one may not look into was not written to by us.
      guard error.code == EACCES else { throw error }
    }
  }

  package var exists: Bool { system.isFolder(path) }

  /// Whether something that is no folder has its name.
  package var isTaken: Bool { !exists && system.exists(path) }

  /// Whether a file of this name is there.
  package func contains(_ name: String) -> Bool { system.exists(file(name)) }

  /// Writes a file so that it is either the old one or the new one, whatever happens; `synchronize` makes the
  /// name itself durable.
  package func write(_ name: String, _ bytes: [UInt8]) throws(DurabilityError) {
    let temporary = name + DataFolder.temporarySuffix
    do throws(DurabilityError) {
      try writeAside(temporary, bytes)
      try attempt("rename", temporary) { () throws(SystemError) in
        try system.rename(file(temporary), to: file(name))
      }
    } catch {
      // What cannot be finished should not take the room of what can; the next writer removes it otherwise.
      try? remove(temporary)
      throw error
    }
  }

  private func writeAside(_ name: String, _ bytes: [UInt8]) throws(DurabilityError) {
    let descriptor = try open(name, .create, "create")
    defer { system.close(descriptor) }
    try writeAll(bytes, to: descriptor, name, at: 0)
    try attempt("sync", name) { () throws(SystemError) in try system.synchronize(descriptor) }
  }

  /// Makes the names of written files durable.
  package func synchronize() throws(DurabilityError) {
    do throws(SystemError) {
      try system.retrying { () throws(SystemError) in try system.synchronizeFolder(path) }
    } catch {
      throw DurabilityError(operation: "sync folder", path: path, code: error.code)
    }
  }

  /// The whole of a file.
  package func read(_ name: String) throws(DurabilityError) -> [UInt8] {
    let descriptor = try open(name, .read, "open")
    defer { system.close(descriptor) }
    let byteCount = try attempt("stat", name) { () throws(SystemError) in
      try system.byteCount(descriptor)
    }
    return try readAll(descriptor, name, from: 0, byteCount: byteCount)
  }

  /// The names of the folder's files, sorted.
  package func names() throws(DurabilityError) -> [String] {
    do throws(SystemError) {
      return try system.retrying { () throws(SystemError) in try system.names(in: path) }.sorted()
    } catch {
      throw DurabilityError(operation: "list", path: path, code: error.code)
    }
  }

  /// Removes a file; one that is gone already is no error.
  package func remove(_ name: String) throws(DurabilityError) {
    do throws(SystemError) {
      try system.retrying { () throws(SystemError) in try system.remove(file(name)) }
    } catch {
      guard error.code != ENOENT else { return }
      throw DurabilityError(operation: "remove", path: file(name), code: error.code)
    }
  }

  /// What may still be written to the folder's disk.
  package func space() throws(DurabilityError) -> DiskSpace {
    do throws(SystemError) {
      return try system.space(of: path)
    } catch {
      throw DurabilityError(operation: "ask for the space of", path: path, code: error.code)
    }
  }

  func file(_ name: String) -> String { path + "/" + name }

  func open(
    _ name: String, _ mode: OpenMode, _ operation: String
  ) throws(DurabilityError) -> Int32 {
    try attempt(operation, name) { () throws(SystemError) in try system.open(file(name), mode) }
  }

  /// So many bytes of an open file of this name; fewer where it ends.
  func readAll(
    _ descriptor: Int32, _ name: String, from offset: Int, byteCount: Int
  ) throws(DurabilityError) -> [UInt8] {
    var failure: SystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      do throws(SystemError) {
        count = try system.readAll(
          descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      } catch {
        failure = error
      }
    }
    if let failure {
      throw DurabilityError(operation: "read", path: file(name), code: failure.code)
    }
    return bytes
  }

  /// Writes to an open file of this name.
  func writeAll(
    _ bytes: [UInt8], to descriptor: Int32, _ name: String, at offset: Int
  ) throws(DurabilityError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(SystemError) in try system.writeAll(descriptor, buffer, at: offset) }
    }
    try attempt("write", name) { () throws(SystemError) in try result.get() }
  }

  /// Runs a call, again while it is interrupted; a failure says what was being done to which file.
  func attempt<Value>(
    _ operation: String, _ name: String, _ call: () throws(SystemError) -> Value
  ) throws(DurabilityError) -> Value {
    do throws(SystemError) {
      return try system.retrying(call)
    } catch {
      throw DurabilityError(operation: operation, path: file(name), code: error.code)
    }
  }
}
