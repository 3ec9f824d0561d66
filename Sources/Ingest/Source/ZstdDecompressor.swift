// Zstandard frames, one behind the other, skippable ones included. Checksums are verified where a
// frame has them; windows beyond 128 MiB (`zstd --long=28` and up) are refused as damage.
//
// SAFETY: zstd reads and writes within the two buffers whose sizes it is given in every call.

internal import CZstd

final class ZstdDecompressor: Decompressor {
  private let context: OpaquePointer
  private var isInFrame = false

  init() throws(DecompressionFailure) {
    guard let context = ZSTD_createDStream() else { throw .outOfMemory }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
  }

  deinit { ZSTD_freeDStream(context) }

  var isAtBoundary: Bool { !isInFrame }

  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFailure) -> DecompressionStep {
    guard isInFrame || !input.isEmpty else { return DecompressionStep() }
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let hint = ZSTD_decompressStream(context, &target, &source)
    if ZSTD_isError(hint) != 0 { throw .corrupt(consumedByteCount: source.pos) }
    isInFrame = hint != 0
    return DecompressionStep(consumedByteCount: source.pos, producedByteCount: target.pos)
  }
}
