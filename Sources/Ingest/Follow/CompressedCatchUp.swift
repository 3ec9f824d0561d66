// Reads one compressed file: first to its end without taking anything, to see that it is whole and which content it
// is, then from where that content was left. Both in steps, because other files wait.
//
// SAFETY: the buffer's room bounds what is read into it.

internal import Base
internal import Glibc

final class CompressedCatchUp {
  /// What the first reading found.
  struct Content {
    /// The first bytes, up to `Limits.fingerprintByteCountMax`.
    var head: [UInt8] = []
    /// All decompressed bytes.
    var byteCount: Int64 = 0
    /// The checkpoints that are of this content.
    var keys: [UInt64] = []
    /// The last bytes, up to `Limits.fingerprintByteCountMax`.
    var end: [UInt8] = []
    /// The first `#Fields` line.
    var fieldsLine: [UInt8] = []
    /// What its beginning looks like.
    var kind: FileKind?
  }

  let file: FollowedFile
  let descriptor: OpenFile
  let container: Checkpoint.Container
  let buffer = ReadBuffer()
  private var source: ByteSource
  /// Of the buffer's first data byte, in decompressed bytes.
  private(set) var offset: Int64 = 0
  private(set) var isAtEnd = false
  private(set) var content = Content()
  private var candidates: [(key: UInt64, offset: Int64, tail: Fingerprint)]?

  init(
    _ file: FollowedFile, _ descriptor: OpenFile, container: Checkpoint.Container
  ) throws(SourceError) {
    self.file = file
    self.descriptor = descriptor
    self.container = container
    source = try CompressedCatchUp.open(descriptor, file)
  }

  /// A copy of the descriptor, because the source closes what it reads.
  private static func open(
    _ descriptor: OpenFile, _ file: FollowedFile
  ) throws(SourceError) -> ByteSource {
    let copy = fcntl(descriptor.number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else {
      throw SourceError(name: file.path, problem: .system(call: "fcntl", errno: errno))
    }
    return try ByteSource(descriptor: copy, name: file.path)
  }

  /// Fills the buffer as far as there is input.
  func fill() throws(SourceError) {
    while !isAtEnd, !buffer.isFull {
      let count = try source.read(into: buffer.room)
      buffer.commit(count)
      isAtEnd = count == 0
    }
  }

  /// Moves on by so many bytes of the buffer's data.
  func drop(_ count: Int) {
    buffer.drop(count)
    offset += Int64(count)
  }

  /// One step of the first reading.
  ///
  /// - Returns: whether it is done: `content` is complete.
  func examine(_ known: KnownContents, forcedKind: FileKind?) throws(SourceError) -> Bool {
    try fill()
    if candidates == nil { begin(known, forcedKind) }
    let end = offset + Int64(buffer.data.count)
    while let next = candidates?.last, next.offset <= end {
      candidates?.removeLast()
      if buffer.mark(behind: Int(next.offset - offset)) == next.tail {
        content.keys.append(next.key)
      }
    }
    drop(buffer.data.count)
    content.byteCount = offset
    if isAtEnd { content.end = buffer.tail.array }
    return isAtEnd
  }

  private func begin(_ known: KnownContents, _ forcedKind: FileKind?) {
    let data = buffer.data
    let head = data.slice(from: 0, to: min(data.count, Limits.fingerprintByteCountMax))
    content.head = head.array
    let start = data.slice(from: 0, to: min(data.count, Limits.detectionByteCountMax))
    content.kind = forcedKind ?? FileKind.detect(name: file.path, head: start)
    content.fieldsLine = AccessLogFormat.fieldsLine(head: start)?.array ?? []
    candidates = known.candidates(head).compactMap { key in
      known[key].map { (key, $0.offset, $0.tail) }
    }.sorted { $0.1 > $1.1 }
  }

  /// Begins the second reading, which goes to `place` first.
  func restart() throws(SourceError) {
    source = try CompressedCatchUp.open(descriptor, file)
    buffer.clear()
    offset = 0
    isAtEnd = false
  }

  /// Goes towards `place`; returns whether it is reached.
  func advance(to place: Int64) throws(SourceError) -> Bool {
    try fill()
    drop(Int(min(Int64(buffer.data.count), place - offset)))
    if offset < place, isAtEnd { throw SourceError(name: file.path, problem: .changed) }
    return offset == place
  }

  /// What a compressed file is known by without decompressing it.
  static func container(
    of file: OpenFile, byteCount: Int64
  ) throws(SystemFailure) -> Checkpoint.Container {
    let count = Limits.fingerprintByteCountMax
    let front = try file.bytes(at: 0, count: count)
    let back = try file.bytes(at: max(0, byteCount - Int64(count)), count: count)
    return Checkpoint.Container(
      byteCount: byteCount, ends: Fingerprint(of: front + back).digest)
  }
}
