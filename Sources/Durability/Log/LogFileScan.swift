// Reads the bytes of one log file record by record, and says how it ends: whole, torn by a power failure, or damaged.
//
// SAFETY: the bytes are valid for as long as the scan; offsets are checked against their count first.

internal import Base

struct LogFileScan {
  let name: String
  /// The number the file is named by.
  let first: UInt64
  let bytes: UnsafeMutableRawBufferPointer

  enum End: Equatable {
    /// Behind the last record, which has the number before this one.
    case whole(next: UInt64, byteCount: Int)
    /// The record that should follow was not written to its end.
    case torn(next: UInt64, byteCount: Int)
  }

  private var slice: ByteSlice {
    guard let base = bytes.baseAddress else { return .empty }
    return ByteSlice(base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }

  /// Hands out the payloads of records from `start` on, in order.
  ///
  /// The bytes are changed: payloads are uncombined where they lie.
  func forEach(
    from start: UInt64, _ body: (UInt64, ByteSlice) throws(LogError) -> Void
  ) throws(LogError) -> End {
    guard let salt = LogLayout.salt(ofHeader: slice, first: first) else {
      // Nothing is written behind a header that is not on disk.
      guard bytes.count <= LogLayout.headerByteCount, isTorn(from: 0, to: LogLayout.headerByteCount)
      else {
        throw damage(0, "the header is not what was written")
      }
      return .torn(next: first, byteCount: 0)
    }
    var offset = LogLayout.headerByteCount
    var next = first
    while offset < bytes.count {
      guard let header = LogLayout.record(slice, at: offset, salt: salt) else {
        return try tornEnd(next, offset, offset + LogLayout.recordHeaderByteCount, salt)
      }
      let end = offset + LogLayout.recordByteCount(header.byteCount)
      guard header.sequence == next else {
        throw damage(offset, "record \(header.sequence) where \(next) should be")
      }
      guard end <= bytes.count, isIntact(header, offset, end, salt) else {
        return try tornEnd(next, offset, end, salt)
      }
      if next >= start { try body(next, payload(header, offset, salt)) }
      next += 1
      offset = end
    }
    return .whole(next: next, byteCount: bytes.count)
  }

  private func isIntact(
    _ header: RecordHeader, _ offset: Int, _ end: Int, _ salt: UInt64
  ) -> Bool {
    let stored = slice.slice(from: offset + LogLayout.recordHeaderByteCount, to: end)
    guard LogLayout.checksum(of: stored, salt) == header.payloadChecksum else { return false }
    return stored.suffix(from: header.byteCount).buffer.allSatisfy { $0 == LogLayout.endByte }
  }

  private func payload(_ header: RecordHeader, _ offset: Int, _ salt: UInt64) -> ByteSlice {
    let start = offset + LogLayout.recordHeaderByteCount
    let range = start..<start + header.byteCount
    LogLayout.combine(UnsafeMutableRawBufferPointer(rebasing: bytes[range]), salt)
    return slice.slice(from: range.lowerBound, to: range.upperBound)
  }

  // MARK: Ends

  /// The end at a record that cannot be read: torn, or damage.
  private func tornEnd(
    _ next: UInt64, _ offset: Int, _ end: Int, _ salt: UInt64
  ) throws(LogError) -> End {
    guard isTorn(from: offset, to: end) else {
      throw damage(offset, "record \(next) is not what was written")
    }
    if let later = laterRecord(behind: offset, salt), later.durable >= next {
      throw damage(offset, "record \(next) is gone, and \(later.sequence) says that it was kept")
    }
    return .torn(next: next, byteCount: offset)
  }

  /// Whether the bytes of a range were not all written: the file ends before it does, or a sector is zero as far as it
  /// lies in the range.
  private func isTorn(from start: Int, to end: Int) -> Bool {
    guard end <= bytes.count else { return true }
    var sector = start
    while sector < end {
      let next = min(end, (sector / LogLayout.sectorByteCount + 1) * LogLayout.sectorByteCount)
      if bytes[sector..<next].allSatisfy({ $0 == 0 }) { return true }
      sector = next
    }
    return false
  }

  /// The last record that can be read behind an unreadable one. Records begin at multiples of eight.
  private func laterRecord(behind start: Int, _ salt: UInt64) -> RecordHeader? {
    var last: RecordHeader?
    var offset = start + 8
    while offset + LogLayout.recordHeaderByteCount <= bytes.count {
      if let header = LogLayout.record(slice, at: offset, salt: salt) { last = header }
      offset += 8
    }
    return last
  }

  private func damage(_ offset: Int, _ reason: String) -> LogError {
    .damaged(file: name, offset: offset, reason: reason)
  }
}
