// What a machine needs for bytes when nothing is done with them: to read them, to count their lines, to copy them.
//
// SAFETY: reads and copies stay below the counts of the buffers they use.

internal import Base
internal import Glibc

/// Used by one thread; its buffers are touched once, so that no repetition pays for fresh memory.
final class ByteFloor {
  private static let chunkByteCount = 1 << 20
  private let chunk = UnsafeMutableRawBufferPointer.allocate(
    byteCount: ByteFloor.chunkByteCount, alignment: 64)
  private let copy = UnsafeMutableRawBufferPointer.allocate(
    byteCount: ByteFloor.chunkByteCount, alignment: 64)

  init() {
    chunk.initializeMemory(as: UInt8.self, repeating: 0)
    copy.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit {
    chunk.deallocate()
    copy.deallocate()
  }

  /// Reads files from their beginning to their end; the number of bytes.
  func read(_ paths: [String]) throws(BenchFailure) -> Int {
    var byteCount = 0
    for path in paths { try forEachChunk(of: path) { byteCount += $0.count } }
    return byteCount
  }

  /// Reads files, counts their newlines, and copies every byte once more: what `wc -l` and a memcpy do.
  func countLines(_ paths: [String]) throws(BenchFailure) -> Int {
    var lineCount = 0
    for path in paths { try forEachChunk(of: path) { lineCount += countAndCopy($0) } }
    return lineCount
  }

  /// The same for bytes in memory.
  func countLines(_ bytes: UnsafeRawBufferPointer) -> Int {
    var (lineCount, start) = (0, 0)
    while start < bytes.count {
      let end = min(start + ByteFloor.chunkByteCount, bytes.count)
      lineCount += countAndCopy(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      start = end
    }
    return lineCount
  }

  private func countAndCopy(_ bytes: UnsafeRawBufferPointer) -> Int {
    copy.copyMemory(from: bytes)
    var (count, index) = (0, 0)
    // A narrow counter over a short block, so that the compiler makes vectors of it.
    while index < bytes.count {
      let end = min(index &+ 4096, bytes.count)
      var inBlock: UInt16 = 0
      while index < end {
        inBlock &+= bytes[index] == ASCII.newline ? 1 : 0
        index &+= 1
      }
      count &+= Int(inBlock)
    }
    return count
  }

  private func forEachChunk(
    of path: String, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(BenchFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BenchFailure("cannot read \(path)") }
    defer { close(descriptor) }
    while true {
      let count = Glibc.read(descriptor, chunk.baseAddress, chunk.count)
      if count == 0 { return }
      guard count > 0 else { throw BenchFailure("cannot read \(path)") }
      body(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
  }
}
