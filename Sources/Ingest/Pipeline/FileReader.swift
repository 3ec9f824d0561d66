// A file that was prepared and is open for its events. Threads take turns reading a line file's chunks and parse
// them side by side; a table is read by one of them.

internal import Base

/// Owned by the thread that holds it; the pipeline's monitor hands it from one to the next.
final class FileReader {
  let name: String
  let kind: FileKind
  let fieldsLine: [UInt8]
  /// Bytes on disk per byte of content, for progress.
  let diskRatio: Double
  /// For line files.
  let chunks: ChunkReader
  var isBusy = false
  private let path: String
  private let digest: ContentDigest
  private let kept: [Chunk]?

  init(_ file: InputFile, _ prepared: PreparedFile) throws(SourceError) {
    name = file.name
    kind = prepared.kind
    fieldsLine = prepared.fieldsLine
    path = file.path
    digest = prepared.digest
    kept = prepared.kept
    diskRatio = Double(file.byteCount) / Double(max(prepared.contentByteCount, 1))
    chunks = ChunkReader(try FileReader.source(kept, path, digest, isOnly: true))
  }

  /// The content from its beginning; not for line files, whose chunks are gone once they were read.
  func source() throws(SourceError) -> RawSource {
    try FileReader.source(kept, path, digest, isOnly: false)
  }

  private static func source(
    _ kept: [Chunk]?, _ path: String, _ digest: ContentDigest, isOnly: Bool
  ) throws(SourceError) -> RawSource {
    if let kept { return RawSource(kept: kept, givesKept: isOnly) }
    return RawSource(reading: try ByteSource(path: path), name: path, expecting: digest)
  }

  /// Gives kept content back once everything was read.
  func release(to pool: ChunkPool) { pool.give(kept ?? []) }
}
