// An open file or standard input. Files are never mapped: a log that is truncated while it is read
// must be an early end, not a crash.
//
// SAFETY: the kernel writes at most as many bytes as the buffer it is given has.

internal import Glibc

struct InputDescriptor: ~Copyable {
  private let name: String
  private let number: Int32
  /// Where the next byte is read in a file; nil for pipes and terminals, which have no places.
  private var offset: Int64?
  /// How long the file was when it was opened; nil for what has no length.
  let byteCount: Int64?

  /// Opens a file for reading.
  init(path: String) throws(SourceError) {
    var number: Int32
    repeat { number = open(path, O_RDONLY | O_CLOEXEC) } while number < 0 && errno == EINTR
    guard number >= 0 else {
      let problem: SourceError.Problem =
        errno == ENOENT ? .notFound : .system(call: "open", errno: errno)
      throw SourceError(name: path, problem: problem)
    }
    try self.init(number: number, name: path)
  }

  /// Takes over an open descriptor, and closes it in the end.
  init(number: Int32, name: String) throws(SourceError) {
    self.number = number
    self.name = name
    var status = stat()
    let problem: SourceError.Problem? =
      if fstat(number, &status) != 0 {
        .system(call: "fstat", errno: errno)
      } else {
        status.st_mode & S_IFMT == S_IFDIR ? .isFolder : nil
      }
    if let problem {
      // What is not whole yet closes nothing.
      close(number)
      throw SourceError(name: name, problem: problem)
    }
    let type = status.st_mode & S_IFMT
    offset = type == S_IFREG ? Int64(max(0, lseek(number, 0, SEEK_CUR))) : nil
    byteCount = type == S_IFREG ? Int64(status.st_size) : nil
  }

  deinit { close(number) }

  /// Fills a part of `buffer`; 0 means the end for now.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    while true {
      let count =
        if let offset { pread(number, base, buffer.count, off_t(offset)) } else {
          Glibc.read(number, base, buffer.count)
        }
      if count >= 0 {
        offset? += Int64(count)
        return count
      }
      if errno != EINTR {
        throw SourceError(name: name, problem: .system(call: "read", errno: errno))
      }
    }
  }
}
