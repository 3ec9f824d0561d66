// The checksum of everything that touches disk.

internal import CKernels

package enum CRC32C {
  /// The CRC-32C of `bytes`, continuing from `previous` (0 at the start).
  package static func of(_ bytes: ByteSlice, continuing previous: UInt32 = 0) -> UInt32 {
    // SAFETY: the C function reads exactly `count` bytes.
    beacon_crc32c(previous, bytes.base, bytes.count)
  }

  /// The CRC-32C of an array.
  package static func of(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { of(ByteSlice($0)) }
  }
}
