// One file on its way in: read once to know what it is and whether it is whole and new, then again for its events.
// Nothing of a file is taken before all of it was seen to decompress. What is not compressed and too large to be kept
// in memory is read only once, if its length says that it is new.

internal import Base

/// A file to load.
package struct InputFile: Sendable {
  package var path: String
  /// What messages call it.
  package var name: String
  /// Its size on disk, for progress; 0 where unknown.
  package var byteCount: Int64

  package init(path: String, name: String, byteCount: Int64) {
    self.path = path
    self.name = name
    self.byteCount = byteCount
  }
}

/// What came of looking at a file.
enum Preparation: ~Copyable {
  /// It was read through.
  case ready(PreparedFile)
  /// It is new, and not read yet.
  case unread(PreparedFile, ByteSource)
  case refused(FileOutcome)
}

struct PreparedFile {
  var kind: FileKind
  /// Nil before it was read through.
  var digest: ContentDigest?
  /// Bytes of content, uncompressed.
  var contentByteCount: Int64
  /// The content, where it is small enough to keep; nil where it must be read again.
  var kept: [Chunk]?
  /// The `#Fields` line of a CloudFront file.
  var fieldsLine: [UInt8]
}

struct FilePreparer {
  let forcedKind: FileKind?
  let pool: ChunkPool
  /// Content up to this many chunks is kept, so that a compressed file is unpacked once.
  let keptChunkCountMax: Int
  /// Whether content of this length is sure to be new. Who says so keeps everything of that length waiting until the
  /// file was read.
  let claim: (Int64) -> Bool

  func prepare(_ file: InputFile) -> Preparation {
    do throws(SourceError) {
      var source = try ByteSource(path: file.path)
      let head = try source.peek()
      guard !head.isEmpty else { return .refused(.empty) }
      guard var prepared = try recognise(file, head) else { return .refused(.unrecognised) }
      if prepared.kind.isLines, let byteCount = source.plainByteCount,
        byteCount > Int64(keptChunkCountMax * Chunk.capacity), claim(byteCount)
      {
        prepared.contentByteCount = byteCount
        return .unread(prepared, source)
      }
      try readThrough(&source, &prepared)
      return .ready(prepared)
    } catch {
      return .refused(.failed(error.reason))
    }
  }

  /// What the file is, not yet read through; nil if it is no input.
  private func recognise(
    _ file: InputFile, _ head: ByteSlice
  ) throws(SourceError) -> PreparedFile? {
    let isCut = head.count == Limits.detectionByteCountMax
    let hasLine = ByteSearch.firstIndex(of: ASCII.newline, in: head) != nil
    if hasLine || !isCut, let prepared = recognise(file.name, head) { return prepared }
    guard isCut else { return nil }
    let lines = try beginning(of: file)
    // Where no line can be read, what a cut one begins with has to do.
    return lines.withUnsafeBufferPointer { recognise(file.name, ByteSlice($0)) }
      ?? recognise(file.name, head)
  }

  private func recognise(_ name: String, _ head: ByteSlice) -> PreparedFile? {
    guard !head.isEmpty, let kind = forcedKind ?? FileKind.detect(name: name, head: head) else {
      return nil
    }
    return PreparedFile(
      kind: kind, digest: nil, contentByteCount: 0, kept: nil,
      fieldsLine: AccessLogFormat.fieldsLine(head: head)?.array ?? [])
  }

  /// The file's first lines that are not too long. A reading of its own: few files need it.
  private func beginning(of file: InputFile) throws(SourceError) -> [UInt8] {
    var source = try ByteSource(path: file.path)
    var beginning = FileBeginning()
    let chunk = pool.take()
    defer { pool.give([chunk]) }
    while !beginning.isComplete, try source.fill(chunk) > 0 { beginning.take(chunk.lines) }
    return beginning.bytes
  }

  private func readThrough(
    _ source: inout ByteSource, _ prepared: inout PreparedFile
  ) throws(SourceError) {
    var hash = ContentHash()
    var kept: [Chunk] = []
    do throws(SourceError) {
      while true {
        let chunk = kept.count <= keptChunkCountMax ? pool.take() : kept[0]
        let byteCount = try source.fill(chunk)
        if kept.count <= keptChunkCountMax { kept.append(chunk) }
        if byteCount == 0 { break }
        hash.update(chunk.lines)
        prepared.contentByteCount += Int64(byteCount)
      }
    } catch {
      pool.give(kept)
      throw error
    }
    prepared.digest = hash.finish()
    if kept.count <= keptChunkCountMax {
      prepared.kept = kept
    } else {
      pool.give(kept)
    }
  }
}

/// Chunks that are not in use; memory is touched once and then goes from file to file.
final class ChunkPool: Sendable {
  private let free = Monitor<[Chunk]>([])

  func take() -> Chunk { free.update { $0.popLast() } ?? Chunk() }

  func give(_ chunks: [Chunk]) { free.update { $0.append(contentsOf: chunks) } }
}
