// The bytes of an input that was read once already to know its content: from memory where they were kept, from the
// file again where they were too many.

internal import Base

struct RawSource: ~Copyable {
  private var kept: [Chunk]
  private var next = 0
  private var source: ByteSource?

  /// The kept chunks hold everything.
  init(kept: [Chunk]) {
    self.kept = kept
    source = nil
  }

  /// The input is read again.
  init(reading source: consuming ByteSource) {
    kept = []
    self.source = consume source
  }

  /// Puts the next bytes into `chunk`'s space; 0 at the end.
  mutating func read(into chunk: Chunk) throws(SourceError) -> Int {
    if next < kept.count {
      let bytes = kept[next].lines
      chunk.space.baseAddress?.update(from: bytes.base, count: bytes.count)
      next += 1
      return bytes.count
    }
    return try source?.fill(chunk) ?? 0
  }
}

extension ByteSource {
  /// Fills `chunk`'s space as far as the input goes; returns how far.
  mutating func fill(_ chunk: Chunk) throws(SourceError) -> Int {
    var filled = 0
    while filled < chunk.space.count {
      let space = UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: chunk.space[filled...]))
      let step = try read(into: space)
      if step == 0 { break }
      filled += step
    }
    chunk.fill(byteCount: filled)
    return filled
  }
}
