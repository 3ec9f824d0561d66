// What the system says about a file without reading it.

internal import Glibc

/// Which file it is, as long as it exists; a number that is free again goes to another file.
package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  package var inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

/// How large a file is and when it was changed.
struct FileFacts: Equatable {
  var byteCount: Int64
  /// Nanoseconds since 1970 of the last change of its content, and of its name or owner.
  var contentChanged: Int64
  var statusChanged: Int64
  /// The files' clock ticks slowly: a change right after this look might leave all of the above as it was.
  var mayHideChanges: Bool

  /// A tick is at most 10 ms; twice that is safe.
  private static let tickNanoseconds: Int64 = 20_000_000

  init(_ status: stat) {
    byteCount = Int64(status.st_size)
    contentChanged = FileFacts.nanoseconds(status.st_mtim)
    statusChanged = FileFacts.nanoseconds(status.st_ctim)
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let now = FileFacts.nanoseconds(time)
    mayHideChanges = now - max(contentChanged, statusChanged) < FileFacts.tickNanoseconds
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Whether the content may be another one than when `earlier` was found out.
  func mayDiffer(from earlier: FileFacts) -> Bool {
    earlier.mayHideChanges || byteCount != earlier.byteCount
      || contentChanged != earlier.contentChanged || statusChanged != earlier.statusChanged
  }

  /// Whether size or times are others than before.
  func differs(from earlier: FileFacts) -> Bool {
    byteCount != earlier.byteCount || contentChanged != earlier.contentChanged
  }
}

extension FileIdentity {
  init(_ status: stat) {
    self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }
}

/// What a failed system call says, in words.
struct SystemFailure: Error {
  let call: String
  let errno: Int32

  init(_ call: String) {
    self.call = call
    errno = Glibc.errno
  }

  var isMissing: Bool { errno == ENOENT || errno == ENOTDIR }

  var text: String {
    SourceError(name: "", problem: .system(call: call, errno: errno)).reason
  }
}
