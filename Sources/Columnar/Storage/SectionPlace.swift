// Where one section of a file is, so that it can be read alone, without the rest of the file.

internal import Base
internal import CZstd

/// An entry of a file's directory.
package struct SectionPlace: Equatable, Sendable {
  /// Of the first byte in the file.
  package var offset: Int
  /// Bytes in the file.
  package var storedByteCount: Int
  /// Bytes of the payload.
  var byteCount: Int
  var isCompressed: Bool
  var checksum: UInt32

  /// The payload, from the bytes in the file, once their checksum agrees.
  ///
  /// - Parameter id: the section's, for what is said of damage.
  package func payload(
    of stored: [UInt8], section id: UInt32
  ) throws(SectionFileError) -> [UInt8] {
    guard stored.count == storedByteCount else {
      throw SectionFileError("section \(id) at byte \(offset) is cut short")
    }
    guard CRC32C.of(stored) == checksum else {
      throw SectionFileError("section \(id) at byte \(offset) fails its checksum")
    }
    return isCompressed ? try decompress(stored, section: id) : stored
  }

  private func decompress(
    _ stored: [UInt8], section id: UInt32
  ) throws(SectionFileError) -> [UInt8] {
    let frameSize = stored.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    guard frameSize == UInt64(byteCount) else {
      throw SectionFileError("section \(id) unpacks to another size than the directory says")
    }
    var written = 0
    let result = [UInt8](unsafeUninitializedCapacity: byteCount) { target, count in
      written = stored.withUnsafeBytes { source in
        ZSTD_decompress(target.baseAddress, byteCount, source.baseAddress, source.count)
      }
      count = written == byteCount ? byteCount : 0
    }
    guard written == byteCount else { throw SectionFileError("section \(id) does not unpack") }
    return result
  }
}
