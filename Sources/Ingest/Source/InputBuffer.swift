// Bytes that have been read and wait to be consumed.
//
// SAFETY: the bytes at `start..<end` are initialised; `start <= end <= bytes.count` always holds.

internal import Base

struct InputBuffer: ~Copyable {
  private let bytes: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  init(byteCount: Int) {
    bytes = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit { bytes.deallocate() }

  /// Valid until more is committed or drained.
  var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[start..<end]) }

  var unreadSlice: ByteSlice { ByteSlice(unread.bindMemory(to: UInt8.self)) }

  var isEmpty: Bool { start == end }

  var isFull: Bool { end == bytes.count }

  mutating func consume(_ count: Int) {
    precondition(count >= 0 && count <= end - start)
    start += count
    if start == end { (start, end) = (0, 0) }
  }

  /// Moves as much as fits of what is unread to `output`; returns how much.
  mutating func drain(into output: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(output.count, end - start)
    output.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
    consume(count)
    return count
  }

  /// The room behind what is unread; whoever writes there commits how much.
  var unfilled: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: bytes[end...])
  }

  mutating func commit(_ count: Int) {
    precondition(count >= 0 && count <= bytes.count - end)
    end += count
  }
}
