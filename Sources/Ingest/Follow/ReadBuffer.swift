// The one buffer that followed bytes pass through: behind the bytes that were read, so that content is known again,
// those that come next.
//
// SAFETY: `0 <= tailByteCount <= byteCount <= capacity` always holds, one byte more than the capacity is allocated,
// and slices are valid until the buffer is filled again.

internal import Base

final class ReadBuffer {
  static let capacity = Limits.fingerprintByteCountMax + Limits.followedByteCountMax

  private let memory: UnsafeMutablePointer<UInt8>
  private(set) var tailByteCount = 0
  private(set) var byteCount = 0

  init() { memory = .allocate(capacity: ReadBuffer.capacity + 1) }

  deinit { memory.deallocate() }

  private var all: ByteSlice { ByteSlice(memory, count: byteCount) }

  /// What comes before the data.
  var tail: ByteSlice { all.slice(from: 0, to: tailByteCount) }

  /// What was not read yet.
  var data: ByteSlice { all.suffix(from: tailByteCount) }

  /// The room behind the data, which never grows beyond `Limits.followedByteCountMax`.
  var room: UnsafeMutableRawBufferPointer {
    let end = tailByteCount + Limits.followedByteCountMax
    return UnsafeMutableRawBufferPointer(start: memory + byteCount, count: end - byteCount)
  }

  var isFull: Bool { data.count == Limits.followedByteCountMax }

  /// Forgets everything.
  func clear() { (tailByteCount, byteCount) = (0, 0) }

  /// Says how many bytes were put into the room.
  func commit(_ count: Int) {
    precondition(count >= 0 && byteCount + count <= ReadBuffer.capacity)
    byteCount += count
  }

  /// Fills it from a file, beginning with the `tailByteCount` bytes before `offset`.
  ///
  /// - Returns: false if the file does not reach `offset`.
  func fill(
    from file: OpenFile, at offset: Int64, tailByteCount tail: Int
  ) throws(SystemFailure) -> Bool {
    clear()
    let room = UnsafeMutableRawBufferPointer(
      start: memory, count: tail + Limits.followedByteCountMax)
    commit(try file.read(at: offset - Int64(tail), into: room))
    tailByteCount = min(tail, byteCount)
    return tailByteCount == tail
  }

  /// The fingerprint of the bytes before the place `count` bytes into the data.
  func mark(behind count: Int) -> Fingerprint {
    let end = tailByteCount + count
    let start = max(0, end - Limits.fingerprintByteCountMax)
    return Fingerprint(of: all.slice(from: start, to: end))
  }

  /// The lines of a run, each ended by a newline. To be called when nothing else is needed of the buffer, whose byte
  /// behind an unended line is overwritten.
  func lines(of run: LineRun) -> ByteSlice {
    let start = tailByteCount + run.start
    let end = tailByteCount + run.end
    guard run.lacksNewline else { return all.slice(from: start, to: end) }
    memory[end] = ASCII.newline
    return ByteSlice(memory + start, count: end - start + 1)
  }

  /// Moves on by `count` bytes of the data, keeping what a fingerprint needs.
  func drop(_ count: Int) {
    precondition(count >= 0 && tailByteCount + count <= byteCount)
    let end = tailByteCount + count
    tailByteCount = min(end, Limits.fingerprintByteCountMax)
    let start = end - tailByteCount
    // The ranges may overlap; `update` minds.
    memory.update(from: memory + start, count: byteCount - start)
    byteCount -= start
  }
}
