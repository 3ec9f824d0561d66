// The fuzz body of the byte sources: damaged and invented compressed files, read to their end.

import Base
import Ingest
import TestSupport
import Testing

enum SourceFuzz {
  private static let magics: [[UInt8]] = [
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], [0x28, 0xB5, 0x2F, 0xFD], [0x04, 0x22, 0x4D, 0x18],
    [0x50, 0x2A, 0x4D, 0x18], [],
  ]

  /// Reads a file of random damage; whatever comes before the error must not exceed what was there.
  static func read(_ random: inout PRNG, _ note: String, in folder: TemporaryFolder) {
    var file: [UInt8]
    if random.isHit(0.5) {
      file = random.pick(magics) + (0..<random.below(100)).map { _ in UInt8(random.below(256)) }
    } else {
      let text = SourceSamples.text(&random, count: random.below(3000))
      file = SourceSamples.compress(text, random.pick(CompressionFormat.allCases))
      for _ in 0..<random.below(4) where !file.isEmpty {
        file[random.below(file.count)] = UInt8(random.below(256))
      }
    }
    let path = folder.write("fuzz", file)
    let result = readAll(path, bufferByteCount: 1 + random.below(500))
    #expect(result.bytes.count <= 64 << 20, "\(note)")
  }

  static func readAll(
    _ path: String, bufferByteCount: Int, keepsBytes: Bool = true
  ) -> (bytes: [UInt8], error: SourceError?) {
    do {
      var source = try ByteSource(path: path)
      return readRest(&source, bufferByteCount: bufferByteCount, keepsBytes: keepsBytes)
    } catch {
      return ([], error)
    }
  }

  static func readRest(
    _ source: inout ByteSource, bufferByteCount: Int, keepsBytes: Bool = true
  ) -> (bytes: [UInt8], error: SourceError?) {
    var bytes: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferByteCount, alignment: 1)
    defer { buffer.deallocate() }
    while true {
      do {
        let count = try source.read(into: buffer)
        if count == 0 { return (bytes, nil) }
        if keepsBytes { bytes += buffer[..<count] }
      } catch {
        return (bytes, error)
      }
    }
  }
}
