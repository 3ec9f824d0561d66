// The bytes of an input for its events: from memory where they were kept, from the file where they were too many. A
// file is known by its content before its events are taken, or is of a length that nothing has that was taken.
//
// SAFETY: what is copied or read fits the chunk's space, whose size bounds both.

package import Base

package struct RawSource: ~Copyable {
  private var kept: [Chunk]
  private let givesKept: Bool
  private var next = 0
  private var reading: Reading?
  /// What the content turned out to be: known at the end of a reading.
  package private(set) var digest: ContentDigest?

  /// A reading of the file, at whose end something must be as it was said to be.
  private struct Reading: ~Copyable {
    var source: ByteSource
    var hash = ContentHash()
    let expectation: Expectation
    let name: String
  }

  private enum Expectation {
    case content(ContentDigest)
    case byteCount(Int64)
  }

  /// The kept chunks hold everything.
  ///
  /// - Parameter givesKept: they are read this once only, so their bytes may be handed over instead of being copied.
  package init(kept: [Chunk], givesKept: Bool = false) {
    self.kept = kept
    self.givesKept = givesKept
    reading = nil
  }

  /// The input is read again.
  ///
  /// - Parameter digest: what the first reading found.
  package init(
    reading source: consuming ByteSource, name: String, expecting digest: ContentDigest
  ) {
    self.init(source, name, .content(digest))
  }

  /// The input is read for the first time.
  ///
  /// - Parameter byteCount: its length; another one at the end means that it was changed.
  package init(
    reading source: consuming ByteSource, name: String, expecting byteCount: Int64
  ) {
    self.init(source, name, .byteCount(byteCount))
  }

  private init(
    _ source: consuming ByteSource, _ name: String, _ expectation: Expectation
  ) {
    kept = []
    givesKept = false
    reading = Reading(source: source, expectation: expectation, name: name)
  }

  /// Puts the next bytes into `chunk`'s space; 0 at the end.
  ///
  /// - Throws: besides what reading throws, `changed` at the end of content that is not what was expected.
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
    guard let byteCount = try reading?.source.fill(chunk) else { return 0 }
    reading?.hash.update(chunk.lines)
    if byteCount == 0, let reading = reading.take() { digest = try RawSource.check(reading) }
    return byteCount
  }

  private static func check(
    _ reading: consuming Reading
  ) throws(SourceError) -> ContentDigest {
    let digest = reading.hash.finish()
    let isExpected =
      switch reading.expectation {
      case .content(let expected): digest == expected
      case .byteCount(let expected): reading.source.offset == expected
      }
    guard isExpected else { throw SourceError(name: reading.name, problem: .changed) }
    return digest
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
