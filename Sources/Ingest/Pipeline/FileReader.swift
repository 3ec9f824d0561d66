// A file that was prepared and is open for its events. Threads take turns reading a line file's chunks and parse
// them side by side; a table is read by one of them.

internal import Base

/// Owned by the thread that holds it; the pipeline's monitor hands it from one to the next.
final class FileReader {
  /// Which of the load's files it is.
  let index: Int
  let name: String
  let kind: FileKind
  let fieldsLine: [UInt8]
  /// Bytes on disk per byte of content, for progress.
  let diskRatio: Double
  /// For line files.
  let chunks: ChunkReader
  var isBusy = false
  private let path: String
  private let digest: ContentDigest?
  private let kept: [Chunk]?
  /// The length of a file that is read for the first time.
  let claimedByteCount: Int64?

  /// A file that was read through.
  convenience init(
    _ index: Int, _ file: InputFile, _ prepared: PreparedFile
  ) throws(SourceError) {
    let source = try FileReader.source(
      prepared.kept, file.path, prepared.digest, isOnly: true)
    self.init(index, file, prepared, source, claimed: nil)
  }

  /// A file of lines that was not read yet.
  convenience init(
    _ index: Int, _ file: InputFile, _ prepared: PreparedFile, unread source: consuming ByteSource
  ) {
    let byteCount = prepared.contentByteCount
    self.init(
      index, file, prepared,
      RawSource(reading: source, name: file.path, expecting: byteCount), claimed: byteCount)
  }

  private init(
    _ index: Int, _ file: InputFile, _ prepared: PreparedFile, _ source: consuming RawSource,
    claimed: Int64?
  ) {
    self.index = index
    name = file.name
    kind = prepared.kind
    fieldsLine = prepared.fieldsLine
    path = file.path
    digest = prepared.digest
    kept = prepared.kept
    claimedByteCount = claimed
    diskRatio = Double(file.byteCount) / Double(max(prepared.contentByteCount, 1))
    chunks = ChunkReader(source)
  }

  /// The content from its beginning; not for line files, whose chunks are gone once they were read.
  func source() throws(SourceError) -> RawSource {
    try FileReader.source(kept, path, digest, isOnly: false)
  }

  private static func source(
    _ kept: [Chunk]?, _ path: String, _ digest: ContentDigest?, isOnly: Bool
  ) throws(SourceError) -> RawSource {
    guard let digest, kept == nil else {
      return RawSource(kept: kept ?? [], givesKept: isOnly)
    }
    return RawSource(reading: try ByteSource(path: path), name: path, expecting: digest)
  }

  /// Gives kept content back once everything was read.
  func release(to pool: ChunkPool) { pool.give(kept ?? []) }
}
