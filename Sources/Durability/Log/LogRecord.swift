// One record of the log: what its header says, and how its bytes are put together.
//
// SAFETY: buffers are exactly as long as the header, payload and end they are cut into.

internal import Base

struct LogRecord {
  /// Bytes of the payload; a mark has none.
  var byteCount: Int
  /// Its number; a mark has that of the record that will follow it.
  var sequence: UInt64
  /// The last record that was known to be on disk when this one was written.
  var durable: UInt64
  var payloadChecksum: UInt32 = 0

  /// A mark is no record that anybody appended: it only says what is durable.
  var isMark: Bool { byteCount == 0 }

  /// Replaces `bytes` by this record with `parts`, one after the other, as its payload.
  func compose(_ parts: [ByteSlice], _ salt: UInt64, into bytes: inout [UInt8]) {
    let start = LogLayout.recordHeaderByteCount
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(LogLayout.recordByteCount(byteCount))
    bytes.append(contentsOf: repeatElement(0, count: start))
    for part in parts { bytes.append(contentsOf: part.buffer) }
    bytes.withUnsafeMutableBytes {
      LogLayout.combine(UnsafeMutableRawBufferPointer(rebasing: $0[start...]), salt)
    }
    let end = LogLayout.endByteCount(byteCount)
    bytes.append(contentsOf: repeatElement(LogLayout.endByte, count: end))
    var whole = self
    whole.payloadChecksum = bytes.withUnsafeBufferPointer {
      LogLayout.checksum(of: ByteSlice($0).suffix(from: start), salt)
    }
    let header = LogLayout.header(of: whole, salt)
    bytes.withUnsafeMutableBytes { $0.copyBytes(from: header) }
  }
}
