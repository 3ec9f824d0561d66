// Makes what recovery found in the last file true on disk, before anything is written behind it.

internal import Base

enum LogTail {
  /// Cuts off what is torn, and writes the rest of the last file once more, in place and the same.
  ///
  /// What recovery read may have been in the system's memory only: the process before this one was killed before it
  /// synchronized, or was told that it could not, after which the system calls the pages clean and keeps them.
  /// Synchronizing alone would then promise what is not so; bytes that are written again are not clean.
  static func settle(_ content: LogContent, _ folder: DataFolder) throws(LogError) {
    guard let tail = content.tail else { return }
    do throws(DurabilityError) {
      let descriptor = try folder.open(tail.name, .update, "open")
      defer { folder.system.close(descriptor) }
      try rewrite(tail, descriptor, folder)
      try folder.attempt("cut", tail.name) { () throws(SystemError) in
        try folder.system.truncate(descriptor, to: tail.byteCount)
      }
      try folder.attempt("sync", tail.name) { () throws(SystemError) in
        try folder.system.synchronize(descriptor)
      }
      try folder.synchronize()
    } catch {
      throw .failed(error)
    }
  }

  private static func rewrite(
    _ tail: LogContent.Tail, _ descriptor: Int32, _ folder: DataFolder
  ) throws(DurabilityError) {
    let stepByteCount = 1 << 20
    var offset = 0
    while offset < tail.byteCount {
      let bytes = try folder.readAll(
        descriptor, tail.name, from: offset, byteCount: min(stepByteCount, tail.byteCount - offset))
      try folder.writeAll(bytes, to: descriptor, tail.name, at: offset)
      guard !bytes.isEmpty else { return }
      offset += bytes.count
    }
  }
}
