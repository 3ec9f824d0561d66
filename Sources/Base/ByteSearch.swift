// Finding and comparing bytes. The heavy lifting is glibc's and the SSE2 masks of CKernels, inlined.

internal import CKernels
internal import Glibc

@usableFromInline package enum ByteSearch {
  /// The index of the first `byte` in `slice` at or after `start`, or nil.
  package static func firstIndex(of byte: UInt8, in slice: ByteSlice, from start: Int = 0) -> Int? {
    assert(start <= slice.count)
    // SAFETY: the range start..<count lies inside the slice.
    guard let found = memchr(slice.base + start, Int32(byte), slice.count &- start) else {
      return nil
    }
    return found.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(mutating: slice.base)
  }

  /// The index of the last `byte` in `slice`, or nil.
  package static func lastIndex(of byte: UInt8, in slice: ByteSlice) -> Int? {
    // SAFETY: the whole slice is searched.
    guard let found = beacon_last(slice.base, byte, slice.count) else { return nil }
    return found - slice.base
  }

  /// The index of the first occurrence of `needle`, or nil. An empty needle is found at 0.
  package static func firstIndex(of needle: ByteSlice, in slice: ByteSlice) -> Int? {
    guard !needle.isEmpty else { return 0 }
    // SAFETY: both ranges lie inside their slices.
    guard let found = beacon_find(slice.base, slice.count, needle.base, needle.count) else {
      return nil
    }
    return found - slice.base
  }

  /// Whether `count` bytes at both places are the same.
  @usableFromInline package static func areEqual(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int
  ) -> Bool {
    beacon_equal(left, right, count) != 0
  }

  /// Negative, zero or positive, as memcmp has it.
  package static func compare(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int
  ) -> Int32 {
    memcmp(left, right, count)
  }
}
