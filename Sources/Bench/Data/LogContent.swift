// A whole log in memory, decompressed: what is parsed without reading.

internal import Ingest

package enum LogContent {
  /// The bytes of a file, whatever its compression.
  package static func read(_ path: String) throws -> [UInt8] {
    var source = try ByteSource(path: path)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
