// What the three compressions have in common: bytes in, bytes out, and places where the input may
// end.
//
// SAFETY: the source owns both buffers and keeps them in place during a call; a decoder keeps none.

/// A streaming decoder of concatenated members or frames. One per input; not for several threads.
protocol Decompressor: AnyObject {
  /// Whether the input may end here: not within a member or frame.
  var isAtBoundary: Bool { get }

  /// Consumes some of `input` and fills some of `output`; with an empty input it hands out what it
  /// still holds. `output` is not empty. It makes progress whenever `input` is not empty.
  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFailure) -> DecompressionStep
}

struct DecompressionStep: Equatable {
  var consumedByteCount = 0
  var producedByteCount = 0
}

/// `consumedByteCount` tells how much of the call's input is known to be good.
enum DecompressionFailure: Error {
  case corrupt(consumedByteCount: Int)
  case trailingGarbage(consumedByteCount: Int)
  case outOfMemory
}
