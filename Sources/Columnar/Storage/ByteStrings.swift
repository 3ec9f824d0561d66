// Byte strings behind one another in one buffer, and where each of them ends. Strings are added and never changed.
//
// SAFETY: ends ascend and never exceed the bytes; slices handed out live as long as the buffers.

internal import Base

struct ByteStrings: Sendable {
  let bytes: StableBuffer<UInt8>
  /// `ends[i]` is where string i ends, and where the next one starts.
  let ends: StableBuffer<UInt32>

  /// - Parameters:
  ///   - countMax: the most strings there is room for.
  ///   - byteCountMax: the most bytes of all strings together, at most 4 GiB.
  init(countMax: Int, byteCountMax: Int) {
    bytes = StableBuffer(capacity: byteCountMax, isReadAtRandom: true)
    ends = StableBuffer(capacity: countMax, isReadAtRandom: true)
  }

  var count: Int { ends.count }

  /// Memory of strings and ends.
  var byteCount: Int { bytes.byteCount + ends.byteCount }

  /// The string at an index that the caller knows to be below the count. Unlike the count, it never changes.
  @inline(__always)
  func slice(at index: Int) -> ByteSlice {
    let start = index == 0 ? 0 : Int(ends.base[index &- 1])
    return ByteSlice(bytes.base + start, count: Int(ends.base[index]) &- start)
  }

  /// Whether there is room for one more string of so many bytes.
  func hasRoom(for byteCount: Int) -> Bool {
    ends.count < ends.capacity && byteCount <= bytes.capacity - bytes.count
  }

  /// Adds a string there is room for.
  ///
  /// - Returns: its index.
  func append(_ string: ByteSlice) -> UInt32 {
    bytes.append(contentsOf: string.buffer)
    return endString()
  }

  /// Makes a string of the bytes that were added since the last one.
  func endString() -> UInt32 {
    ends.append(UInt32(bytes.count))
    return UInt32(ends.count - 1)
  }

  /// Memory of the first `count` strings and their ends.
  func byteCount(of count: Int) -> Int {
    (count == 0 ? 0 : Int(ends.base[count &- 1])) + count * MemoryLayout<UInt32>.stride
  }
}
