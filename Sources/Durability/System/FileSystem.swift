// The door to the disk. Everything Durability does to files goes through these calls, so that tests can put a disk
// behind them that forgets, tears and refuses. They are the system's calls and nothing more: they may be interrupted,
// and read or write less than they were asked to.
//
// SAFETY: what is left of a buffer is cut out of it, never counted by hand.

/// Why a call failed: the system's error number.
package struct SystemError: Error, Equatable, Sendable {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }
}

package enum OpenMode: Sendable {
  case read
  /// For reading and writing; it must be there.
  case update
  /// For reading and writing; empty, whatever was there before.
  case create
  /// For reading and writing; created when it is missing.
  case openOrCreate
}

package protocol FileSystem: Sendable {
  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32
  func close(_ file: Int32)
  /// - Returns: the bytes read; 0 at the end.
  func read(
    _ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int
  /// - Returns: the bytes written, at least one.
  func write(
    _ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int
  func byteCount(_ file: Int32) throws(SystemError) -> Int
  func truncate(_ file: Int32, to byteCount: Int) throws(SystemError)
  /// Returns when what was written to the file is on disk.
  func synchronize(_ file: Int32) throws(SystemError)
  /// Takes the file's lock, or fails with EWOULDBLOCK. The lock goes with the descriptor.
  func lock(_ file: Int32) throws(SystemError)
  func rename(_ path: String, to target: String) throws(SystemError)
  func remove(_ path: String) throws(SystemError)
  func makeFolder(_ path: String) throws(SystemError)
  /// The names in a folder, in any order.
  func names(in path: String) throws(SystemError) -> [String]
  /// Returns when the names in the folder are on disk.
  func synchronizeFolder(_ path: String) throws(SystemError)
  func isFolder(_ path: String) -> Bool
  func exists(_ path: String) -> Bool
  /// What may still be written to the disk that holds the folder, and how large it is, in bytes.
  func space(of path: String) throws(SystemError) -> DiskSpace
}

package struct DiskSpace: Equatable, Sendable {
  package var freeByteCount: Int
  package var byteCount: Int

  package init(freeByteCount: Int, byteCount: Int) {
    self.freeByteCount = freeByteCount
    self.byteCount = byteCount
  }
}

extension FileSystem {
  /// Calls again what was interrupted.
  func retrying<Value>(_ call: () throws(SystemError) -> Value) throws(SystemError) -> Value {
    while true {
      do throws(SystemError) {
        return try call()
      } catch {
        guard error.isInterruption else { throw error }
      }
    }
  }

  /// Reads until `target` is full or the file ends.
  func readAll(
    _ file: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    var count = 0
    while count < target.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[count...])
      let step = try retrying { () throws(SystemError) in
        try read(file, into: rest, at: offset + count)
      }
      if step == 0 { break }
      count += step
    }
    return count
  }

  /// Writes all of `bytes`.
  func writeAll(
    _ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(SystemError) {
    var count = 0
    while count < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[count...])
      count += try retrying { () throws(SystemError) in
        try write(file, rest, at: offset + count)
      }
    }
  }
}
