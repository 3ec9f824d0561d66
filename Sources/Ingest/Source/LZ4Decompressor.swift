// LZ4 frames, one behind the other, skippable ones included. Checksums are verified where a frame
// has them.
//
// SAFETY: LZ4 reads and writes within the two buffers whose sizes it is given in every call.

internal import CLZ4

final class LZ4Decompressor: Decompressor {
  private let context: OpaquePointer
  private var isInFrame = false

  init() throws(DecompressionFailure) {
    var created: OpaquePointer?
    let status = LZ4F_createDecompressionContext(&created, UInt32(LZ4F_VERSION))
    guard LZ4F_isError(status) == 0, let created else { throw .outOfMemory }
    context = created
  }

  deinit { LZ4F_freeDecompressionContext(context) }

  var isAtBoundary: Bool { !isInFrame }

  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFailure) -> DecompressionStep {
    guard isInFrame || !input.isEmpty else { return DecompressionStep() }
    var consumed = input.count
    var produced = output.count
    let hint = LZ4F_decompress(
      context, output.baseAddress, &produced, input.baseAddress, &consumed, nil)
    if LZ4F_isError(hint) != 0 { throw .corrupt(consumedByteCount: 0) }
    isInFrame = hint != 0
    return DecompressionStep(consumedByteCount: consumed, producedByteCount: produced)
  }
}
