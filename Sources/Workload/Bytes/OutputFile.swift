// A file being written, plain or gzipped: lines are composed in its builder and leave in large blocks.
//
// SAFETY: zlib reads and writes only inside the two buffers it is given here, with their true sizes.

internal import Base
internal import CZlib
internal import Glibc

struct OutputFile: ~Copyable {
  /// Lines are appended here; `flushIfFull` passes them on.
  var builder = ByteBuilder(capacity: blockByteCount + 65_536)
  private var byteCount = 0
  private let path: String
  private let descriptor: Int32
  private var deflater: UnsafeMutablePointer<z_stream>?
  private let compressed: UnsafeMutablePointer<UInt8>

  private static let blockByteCount = 1 << 18

  /// Creates the file, or truncates it unless `appends`; a name that ends in `.gz` is compressed.
  init(path: String, appends: Bool = false) throws(WorkloadError) {
    self.path = path
    let opened = open(
      path, O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC), 0o644)
    guard opened >= 0 else { throw .cannotCreate(path: path, code: errno) }
    descriptor = opened
    compressed = .allocate(capacity: OutputFile.blockByteCount)
    deflater = path.utf8.suffix(3).elementsEqual(".gz".utf8) ? OutputFile.makeDeflater() : nil
  }

  deinit {
    if let deflater {
      deflateEnd(deflater)
      deflater.deallocate()
    }
    compressed.deallocate()
    _ = Glibc.close(descriptor)
  }

  /// Writes the composed lines out when there are enough of them.
  mutating func flushIfFull() throws(WorkloadError) {
    if builder.count >= OutputFile.blockByteCount { try flush(isLast: false) }
  }

  /// Writes what is left, ends the file and returns how many bytes were handed over, before compression.
  @discardableResult
  consuming func close() throws(WorkloadError) -> Int {
    try flush(isLast: true)
    return byteCount
  }

  private mutating func flush(isLast: Bool) throws(WorkloadError) {
    byteCount += builder.count
    if let deflater {
      try compress(deflater, isLast: isLast)
    } else {
      try write(builder.slice)
    }
    builder.truncate(to: 0)
  }

  private func compress(
    _ deflater: UnsafeMutablePointer<z_stream>, isLast: Bool
  ) throws(WorkloadError) {
    deflater.pointee.next_in = UnsafeMutablePointer(mutating: builder.slice.base)
    deflater.pointee.avail_in = UInt32(builder.count)
    repeat {
      deflater.pointee.next_out = compressed
      deflater.pointee.avail_out = UInt32(OutputFile.blockByteCount)
      _ = deflate(deflater, isLast ? Z_FINISH : Z_NO_FLUSH)
      let produced = OutputFile.blockByteCount - Int(deflater.pointee.avail_out)
      try write(ByteSlice(compressed, count: produced))
    } while deflater.pointee.avail_out == 0
  }

  private func write(_ bytes: ByteSlice) throws(WorkloadError) {
    var offset = 0
    while offset < bytes.count {
      let written = Glibc.write(descriptor, bytes.base + offset, bytes.count - offset)
      if written < 0 {
        guard errno == EINTR else { throw .cannotWrite(path: path, code: errno) }
      } else {
        offset += written
      }
    }
  }

  /// Level 1, gzip framing, no time stamp: the same bytes from the same version of zlib.
  private static func makeDeflater() -> UnsafeMutablePointer<z_stream> {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let gzipWindowBits: Int32 = 15 + 16
    let result = deflateInit2_(
      stream, 1, Z_DEFLATED, gzipWindowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "zlib refuses constant parameters: \(result)")
    return stream
  }
}
