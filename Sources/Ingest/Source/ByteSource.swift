// One input as a stream of decompressed bytes, whatever it is compressed with.
//
// SAFETY: reads go to the caller's buffer and to buffers that know how much of them is filled.

package import Base

/// Reads a file or standard input. Owned by one reader at a time.
///
/// Behind the end of an uncompressed file reading may go on once it has grown.
package struct ByteSource: ~Copyable {
  /// What messages call the input: its path, or "standard input".
  package let name: String
  package let compression: CompressionFormat
  /// How many decompressed bytes have been handed out or skipped.
  package private(set) var offset: Int64 = 0

  /// The length of an uncompressed file when it was opened; nil where only reading tells.
  package var plainByteCount: Int64? { compression == .plain ? descriptor.byteCount : nil }

  private var descriptor: InputDescriptor
  private let decompressor: (any Decompressor)?
  private var input: InputBuffer
  private var head: InputBuffer
  private var compressedByteCount: Int64 = 0
  private var decompressedByteCount: Int64 = 0

  /// Opens a file and finds out how it is compressed.
  ///
  /// - Throws: `notFound`, `isFolder`, `unsupported`, `system`.
  package init(path: String) throws(SourceError) {
    try self.init(InputDescriptor(path: path), name: path)
  }

  /// Reads from an open descriptor, such as 0 for standard input, and closes it in the end.
  package init(descriptor number: Int32, name: String) throws(SourceError) {
    try self.init(InputDescriptor(number: number, name: name), name: name)
  }

  private init(_ opened: consuming InputDescriptor, name: String) throws(SourceError) {
    var input = InputBuffer(byteCount: Limits.compressedByteCountMax)
    try ByteSource.readMagic(from: &opened, into: &input)
    let decompression = try ByteSource.decompression(of: input.unreadSlice, name: name)
    self.init(name: name, descriptor: opened, input: input, decompression: decompression)
  }

  private init(
    name: String, descriptor: consuming InputDescriptor, input: consuming InputBuffer,
    decompression: (format: CompressionFormat, decompressor: (any Decompressor)?)
  ) {
    self.name = name
    self.descriptor = descriptor
    self.input = input
    (compression, decompressor) = decompression
    head = InputBuffer(byteCount: Limits.detectionByteCountMax)
  }

  /// Reads until the magic number is there; a pipe may hand it over in pieces.
  private static func readMagic(
    from descriptor: inout InputDescriptor, into input: inout InputBuffer
  ) throws(SourceError) {
    while input.unread.count < 64 {
      let count = try descriptor.read(into: input.unfilled)
      if count == 0 { return }
      input.commit(count)
    }
  }

  /// The first decompressed bytes, up to `Limits.detectionByteCountMax`; `read` gives them again.
  ///
  /// To be called before `read` and `skip`. Valid until the next call.
  package mutating func peek() throws(SourceError) -> ByteSlice {
    precondition(offset == 0, "peek comes first")
    while !head.isFull {
      let count = try readNext(into: head.unfilled)
      if count == 0 { break }
      head.commit(count)
    }
    return head.unreadSlice
  }

  /// Fills a part of `buffer` with the next decompressed bytes and returns how many; 0 at the end.
  ///
  /// - Throws: `truncated`, `corrupt`, `trailingGarbage`, `tooCompressed`, `system`. Everything
  ///   before the damage has been handed out by then.
  package mutating func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SourceError) -> Int {
    let count = head.isEmpty ? try readNext(into: buffer) : head.drain(into: buffer)
    offset += Int64(count)
    return count
  }

  private mutating func readNext(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SourceError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    guard let decompressor else {
      return input.isEmpty ? try descriptor.read(into: buffer) : input.drain(into: buffer)
    }
    while true {
      let isAtEnd = input.isEmpty ? try !refill() : false
      let step = try decompress(with: decompressor, into: buffer)
      if step.producedByteCount > 0 { return step.producedByteCount }
      if isAtEnd {
        if decompressor.isAtBoundary { return 0 }
        throw failure(.truncated(compression, at: compressedByteCount))
      }
      // Without progress the loop would never end; no decompressor is trusted with that.
      if step.consumedByteCount == 0 {
        throw failure(.corrupt(compression, at: compressedByteCount))
      }
    }
  }

  /// Returns false at the end of the compressed bytes.
  private mutating func refill() throws(SourceError) -> Bool {
    let count = try descriptor.read(into: input.unfilled)
    input.commit(count)
    return count > 0
  }

  private mutating func decompress(
    with decompressor: any Decompressor, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SourceError) -> DecompressionStep {
    let step: DecompressionStep
    do {
      step = try decompressor.decompress(input.unread, into: buffer)
    } catch {
      throw failure(problem(of: error))
    }
    input.consume(step.consumedByteCount)
    compressedByteCount += Int64(step.consumedByteCount)
    decompressedByteCount += Int64(step.producedByteCount)
    if decompressedByteCount > Limits.unsuspectedByteCountMax,
      decompressedByteCount / Limits.decompressionRatioMax > compressedByteCount
    {
      throw failure(
        .tooCompressed(
          compressedByteCount: compressedByteCount, byteCount: decompressedByteCount))
    }
    return step
  }

  private func problem(of failure: DecompressionFailure) -> SourceError.Problem {
    switch failure {
    case .corrupt(let count): .corrupt(compression, at: compressedByteCount + Int64(count))
    case .trailingGarbage(let count):
      .trailingGarbage(compression, at: compressedByteCount + Int64(count))
    case .outOfMemory: .outOfMemory
    }
  }

  private func failure(_ problem: SourceError.Problem) -> SourceError {
    SourceError(name: name, problem: problem)
  }

  private static func decompression(
    of head: ByteSlice, name: String
  ) throws(SourceError) -> (format: CompressionFormat, decompressor: (any Decompressor)?) {
    if let unsupported = CompressionFormat.unsupportedName(head) {
      throw SourceError(name: name, problem: .unsupported(unsupported))
    }
    let format = CompressionFormat.detect(head)
    do {
      switch format {
      case .plain: return (format, nil)
      case .gzip: return (format, GzipDecompressor())
      case .zstd: return (format, try ZstdDecompressor())
      case .lz4: return (format, try LZ4Decompressor())
      }
    } catch {
      throw SourceError(name: name, problem: .outOfMemory)
    }
  }
}
