// Which compression a file has, told by its first bytes: names lie after every rotation.

internal import Base

package enum CompressionFormat: String, CaseIterable, Sendable {
  case plain
  case gzip
  case zstd
  case lz4

  /// The format of an input that begins with `head`; `plain` unless a magic number says otherwise.
  ///
  /// Skippable frames, which zstd and LZ4 share, are passed over as far as `head` reaches.
  static func detect(_ head: ByteSlice) -> CompressionFormat {
    if head.count >= 2, head[0] == 0x1F, head[1] == 0x8B { return .gzip }
    var offset = 0
    while let magic = word(head, at: offset) {
      if magic == 0xFD2F_B528 { return .zstd }
      if magic == 0x184D_2204 { return .lz4 }
      guard magic & 0xFFFF_FFF0 == 0x184D_2A50 else { return offset == 0 ? .plain : .zstd }
      guard let byteCount = word(head, at: offset + 4) else { return .zstd }
      offset += 8 + Int(byteCount)
    }
    return offset == 0 ? .plain : .zstd
  }

  /// The name of a compression that is known but not read, if `head` begins like it.
  static func unsupportedName(_ head: ByteSlice) -> String? {
    let magics: [(name: String, bytes: [UInt8])] = [
      ("bzip2", [0x42, 0x5A, 0x68]),
      ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
      ("zip", [0x50, 0x4B, 0x03, 0x04]),
      ("legacy LZ4", [0x02, 0x21, 0x4C, 0x18]),
    ]
    return magics.first { head.buffer.starts(with: $0.bytes) }?.name
  }

  private static func word(_ head: ByteSlice, at offset: Int) -> UInt32? {
    guard offset + 4 <= head.count else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(head[offset + $1]) << UInt32(8 * $1) }
  }
}
