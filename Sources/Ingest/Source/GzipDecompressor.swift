// gzip as nginx and logrotate leave it: any number of members, one behind the other, and perhaps
// zeros behind the last (tapes and block devices pad with them).
//
// SAFETY: zlib keeps the address of its stream, which therefore lives on the heap and never moves.
// It reads and writes within the two buffers whose sizes it is given anew in every call.

internal import CZlib

final class GzipDecompressor: Decompressor {
  private let stream: UnsafeMutablePointer<z_stream>
  private var state = State.boundary

  private enum State {
    case member
    /// Before, between or behind members.
    case boundary
    case padding
  }

  init() throws(DecompressionFailure) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 is the largest window; 16 more means a gzip header is required.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK {
      stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  var isAtBoundary: Bool { state != .member }

  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFailure) -> DecompressionStep {
    let paddingByteCount = try skipToMember(input)
    guard state == .member else { return DecompressionStep(consumedByteCount: paddingByteCount) }
    return try inflateMember(input, into: output)
  }

  /// Decides at a boundary what follows; returns how many bytes of padding were passed over.
  private func skipToMember(_ input: UnsafeRawBufferPointer) throws(DecompressionFailure) -> Int {
    guard state != .member, let first = input.first else { return 0 }
    if state == .boundary, first == 0x1F {
      inflateReset(stream)
      state = .member
      return 0
    }
    state = .padding
    guard let garbage = input.firstIndex(where: { $0 != 0 }) else { return input.count }
    throw .trailingGarbage(consumedByteCount: garbage)
  }

  private func inflateMember(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFailure) -> DecompressionStep {
    let inputCount = UInt32(clamping: input.count)
    let outputCount = UInt32(clamping: output.count)
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = inputCount
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = outputCount
    let status = inflate(stream, Z_NO_FLUSH)
    let step = DecompressionStep(
      consumedByteCount: Int(inputCount - stream.pointee.avail_in),
      producedByteCount: Int(outputCount - stream.pointee.avail_out))
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: state = .boundary
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw .corrupt(consumedByteCount: step.consumedByteCount)
    }
    return step
  }
}
