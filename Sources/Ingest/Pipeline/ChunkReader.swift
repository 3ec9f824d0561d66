// Cuts one input into chunks of whole lines. What follows a chunk's last newline is carried to the front of the next
// one, so that a line is never cut, and a chunk can be parsed by any thread.
//
// SAFETY: a chunk's buffer holds `headroom` bytes for the carried line before `capacity` bytes of data; the carry is
// bounded by the headroom because longer lines are dropped and counted.

package import Base

/// A buffer of whole lines, reused from chunk to chunk.
package final class Chunk {
  static let capacity = 4 << 20
  static let headroom = Limits.lineByteCountMax + 4096

  private var memory: UnsafeMutablePointer<UInt8>
  private var start = Chunk.headroom
  private var end = Chunk.headroom

  package init() { memory = .allocate(capacity: Chunk.headroom + Chunk.capacity) }

  deinit { memory.deallocate() }

  /// The whole lines in it; the last one may lack its newline at the end of the input.
  package var lines: ByteSlice { ByteSlice(memory + start, count: end - start) }

  /// Where to put raw bytes.
  package var space: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: memory + Chunk.headroom, count: Chunk.capacity)
  }

  /// Says how many raw bytes were put into the space.
  package func fill(byteCount: Int) {
    start = Chunk.headroom
    end = Chunk.headroom + byteCount
  }

  /// Takes over another chunk's bytes, which gets this one's.
  func exchange(with other: Chunk) {
    swap(&memory, &other.memory)
    swap(&start, &other.start)
    swap(&end, &other.end)
  }

  /// Puts `carry` in front.
  func prepend(_ carry: [UInt8]) {
    precondition(carry.count <= start)
    start -= carry.count
    carry.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      (memory + start).update(from: base, count: source.count)
    }
  }

  /// Drops the first bytes.
  func dropFirst(_ byteCount: Int) { start += byteCount }

  /// Cuts off what follows the last newline, and returns it; the whole chunk when there is none.
  func cutTail() -> ByteSlice {
    let all = lines
    let cut = ByteSearch.lastIndex(of: ASCII.newline, in: all).map { $0 + 1 } ?? 0
    end = start + cut
    return all.suffix(from: cut)
  }
}

/// Reads an input chunk after chunk; lines longer than `Limits.lineByteCountMax` may be missing. Used by one
/// thread at a time.
package final class ChunkReader {
  private var source: RawSource
  private var carry: [UInt8] = []
  /// Inside a line that was too long: skip to the next newline.
  private var isSkipping = false
  /// Lines that were longer than the limit and dropped.
  package private(set) var tooLongCount = 0
  private var isAtEnd = false

  package init(_ source: consuming RawSource) { self.source = source }

  /// What the content turned out to be, once a reading of the file came to its end.
  package var digest: ContentDigest? { source.digest }

  /// Fills `chunk` with the next whole lines; false at the end of the input.
  package func read(into chunk: Chunk) throws(SourceError) -> Bool {
    while !isAtEnd {
      let byteCount = try source.read(into: chunk)
      if byteCount == 0 {
        isAtEnd = true
        guard !carry.isEmpty else { return false }
        chunk.fill(byteCount: 0)
        chunk.prepend(carry)
        carry = []
        return true
      }
      chunk.fill(byteCount: byteCount)
      align(chunk)
      if !chunk.lines.isEmpty { return true }
    }
    return false
  }

  private func align(_ chunk: Chunk) {
    if isSkipping { skipLine(chunk) }
    if isSkipping { return }
    chunk.prepend(carry)
    carry.removeAll(keepingCapacity: true)
    let tail = chunk.cutTail()
    if tail.count > Limits.lineByteCountMax {
      tooLongCount += 1
      isSkipping = true
    } else {
      carry.append(contentsOf: tail.buffer)
    }
  }

  /// Drops the rest of a line that was too long.
  private func skipLine(_ chunk: Chunk) {
    guard let newline = ByteSearch.firstIndex(of: ASCII.newline, in: chunk.lines) else {
      chunk.dropFirst(chunk.lines.count)
      return
    }
    chunk.dropFirst(newline + 1)
    isSkipping = false
  }
}
