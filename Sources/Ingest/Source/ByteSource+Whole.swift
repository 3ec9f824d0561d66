// The whole of an input at once, for files that people write.
//
// SAFETY: the chunk is as long as it was allocated, and only what was read of it is copied.

extension ByteSource {
  /// Everything that was not read yet.
  ///
  /// - Throws: `tooLong` when that is more than `byteCountMax`, and what `read` throws. Nothing is ever left out.
  package mutating func readAll(byteCountMax: Int) throws(SourceError) -> [UInt8] {
    let chunk = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Limits.detectionByteCountMax, alignment: 16)
    defer { chunk.deallocate() }
    var bytes: [UInt8] = []
    while true {
      let count = try read(into: chunk)
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= byteCountMax else {
        throw SourceError(name: name, problem: .tooLong(byteCountMax: byteCountMax))
      }
    }
  }
}
