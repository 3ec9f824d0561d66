// The bytes of an input that was read once already to know its content: from memory where they were kept, from the
// file again where they were too many.
//
// SAFETY: what is copied or read fits the chunk's space, whose size bounds both.

package import Base

package struct RawSource: ~Copyable {
  private var kept: [Chunk]
  private let givesKept: Bool
  private var next = 0
  private var again: Again?

  /// A second reading, which must find what the first one found.
  private struct Again: ~Copyable {
    var source: ByteSource
    var hash = ContentHash()
    let digest: ContentDigest
    let name: String
  }

  /// The kept chunks hold everything.
  ///
  /// - Parameter givesKept: they are read this once only, so their bytes may be handed over instead of being copied.
  package init(kept: [Chunk], givesKept: Bool = false) {
    self.kept = kept
    self.givesKept = givesKept
    again = nil
  }

  /// The input is read again.
  ///
  /// - Parameter digest: what the first reading found.
  package init(
    reading source: consuming ByteSource, name: String, expecting digest: ContentDigest
  ) {
    kept = []
    givesKept = false
    again = Again(source: consume source, digest: digest, name: name)
  }

  /// Puts the next bytes into `chunk`'s space; 0 at the end.
  ///
  /// - Throws: besides what reading throws, `changed` at the end of content that is not the first reading's.
  mutating func read(into chunk: Chunk) throws(SourceError) -> Int {
    if next < kept.count {
      let source = kept[next]
      next += 1
      guard !givesKept else {
        chunk.exchange(with: source)
        return chunk.lines.count
      }
      let bytes = source.lines
      chunk.space.baseAddress?.update(from: bytes.base, count: bytes.count)
      return bytes.count
    }
    guard let byteCount = try again?.source.fill(chunk) else { return 0 }
    again?.hash.update(chunk.lines)
    if byteCount == 0, let again = again.take(), again.hash.finish() != again.digest {
      throw SourceError(name: again.name, problem: .changed)
    }
    return byteCount
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
