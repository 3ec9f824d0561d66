// A descriptor of a followed file: it stays readable when the file is renamed or removed.
//
// SAFETY: the kernel writes at most as many bytes as the buffer it is given has.

internal import Glibc

final class OpenFile {
  let number: Int32

  /// Opens a regular file; anything else is a failure.
  init(path: String) throws(SystemFailure) {
    // Without O_NONBLOCK, a pipe that took the file's place would wait for a writer.
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard number >= 0 else { throw SystemFailure("open") }
    self.number = number
    let (_, _, isRegular) = try facts()
    if !isRegular {
      errno = EINVAL
      throw SystemFailure("open")
    }
  }

  deinit { close(number) }

  /// What file it is now, and how large.
  func facts() throws(SystemFailure) -> (
    identity: FileIdentity, facts: FileFacts, isRegular: Bool
  ) {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw SystemFailure("fstat") }
    return (FileIdentity(status), FileFacts(status), status.st_mode & S_IFMT == S_IFREG)
  }

  /// Fills `buffer` from byte `offset` of the file on, as far as the file goes; returns how far.
  func read(
    at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemFailure) -> Int {
    var filled = 0
    while filled < buffer.count, let base = buffer.baseAddress {
      let count = pread(
        number, base + filled, buffer.count - filled, off_t(offset + Int64(filled)))
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw SystemFailure("read")
      }
    }
    return filled
  }

  /// A copy of up to `count` bytes at `offset`.
  func bytes(at offset: Int64, count: Int) throws(SystemFailure) -> [UInt8] {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { room.deallocate() }
    return Array(room[..<(try read(at: offset, into: room))])
  }

  /// Where the next byte that is not in a hole lies at or behind `offset`; nil if only a hole follows.
  func dataOffset(from offset: Int64) -> Int64? {
    let found = lseek(number, off_t(offset), seekData)
    if found >= 0 { return Int64(found) }
    return errno == ENXIO ? nil : offset
  }
}

/// SEEK_DATA, a macro that Swift does not see.
private let seekData: Int32 = 3
