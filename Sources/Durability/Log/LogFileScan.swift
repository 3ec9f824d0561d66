// Reads the bytes of one log file record by record, and says how it ends: whole, torn by a power failure, or damaged.
//
// SAFETY: the bytes are valid for as long as the scan; offsets are checked against their count first.

package import Base

package struct LogFileScan {
  let name: String
  private let first: UInt64
  private let bytes: UnsafeMutableRawBufferPointer

  /// Where the records of a file end.
  package struct End: Equatable, Sendable {
    /// The number that the record behind the last one has.
    package var next: UInt64
    /// The last record that another one says was on disk.
    package var durable: UInt64
    /// Bytes up to the end of the last record.
    package var byteCount: Int
    /// The record that should follow was not written to its end.
    package var isTorn = false
  }

  /// A scan of the bytes of the file `name`, whose records have numbers from `first` on. The bytes are lent to it for
  /// as long as it is used, and it changes them.
  package init(name: String, first: UInt64, bytes: UnsafeMutableRawBufferPointer) {
    self.name = name
    self.first = first
    self.bytes = bytes
  }

  private var slice: ByteSlice {
    guard let base = bytes.baseAddress else { return .empty }
    return ByteSlice(base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }

  /// Hands out the payloads of records from `start` on, in order; a payload is valid during the call.
  ///
  /// - Throws: `damaged` where the bytes are neither what was written nor the remains of a power failure, and where
  ///   `body` finds fault with a record.
  package func forEach(
    from start: UInt64, _ body: (UInt64, ByteSlice) throws(RecordFault) -> Void
  ) throws(LogError) -> End {
    var end = End(next: first, durable: first - 1, byteCount: LogLayout.headerByteCount)
    guard let salt = LogLayout.salt(ofHeader: slice, first: first) else {
      // Nothing is written behind a header that is not on disk.
      guard bytes.count <= LogLayout.headerByteCount, isTorn(from: 0, to: LogLayout.headerByteCount)
      else {
        throw damage(0, "the header is not what was written")
      }
      end.byteCount = 0
      end.isTorn = true
      return end
    }
    while end.byteCount < bytes.count {
      guard let record = try wholeRecord(at: end, salt) else {
        end.isTorn = true
        return end
      }
      if !record.isMark {
        if end.next >= start {
          do throws(RecordFault) {
            try body(end.next, payload(record, end.byteCount, salt))
          } catch {
            throw damage(end.byteCount, "record \(end.next): \(error.reason)")
          }
        }
        end.next += 1
      }
      end.durable = max(end.durable, record.durable)
      end.byteCount += LogLayout.recordByteCount(record.byteCount)
    }
    return end
  }

  /// The record that follows what was read so far; nil when it is torn.
  private func wholeRecord(at end: End, _ salt: UInt64) throws(LogError) -> LogRecord? {
    let offset = end.byteCount
    guard let record = LogLayout.record(slice, at: offset, salt: salt) else {
      try checkTorn(end, offset + LogLayout.recordHeaderByteCount, salt)
      return nil
    }
    guard record.sequence == end.next, record.durable < record.sequence else {
      throw damage(offset, "record \(record.sequence) where \(end.next) should be")
    }
    let stop = offset + LogLayout.recordByteCount(record.byteCount)
    guard stop <= bytes.count, isIntact(record, offset, stop, salt) else {
      try checkTorn(end, stop, salt)
      return nil
    }
    return record
  }

  private func isIntact(
    _ record: LogRecord, _ offset: Int, _ end: Int, _ salt: UInt64
  ) -> Bool {
    let stored = slice.slice(from: offset + LogLayout.recordHeaderByteCount, to: end)
    guard LogLayout.checksum(of: stored, salt) == record.payloadChecksum else { return false }
    return stored.suffix(from: record.byteCount).buffer.allSatisfy { $0 == LogLayout.endByte }
  }

  private func payload(_ record: LogRecord, _ offset: Int, _ salt: UInt64) -> ByteSlice {
    let start = offset + LogLayout.recordHeaderByteCount
    let range = start..<start + record.byteCount
    LogLayout.combine(UnsafeMutableRawBufferPointer(rebasing: bytes[range]), salt)
    return slice.slice(from: range.lowerBound, to: range.upperBound)
  }

  // MARK: Ends

  /// Throws unless the record at `end`, which would reach up to `stop`, was torn by a power failure.
  private func checkTorn(_ end: End, _ stop: Int, _ salt: UInt64) throws(LogError) {
    guard isTorn(from: end.byteCount, to: stop) else {
      throw damage(end.byteCount, "record \(end.next) is not what was written")
    }
    if let later = laterRecord(behind: end.byteCount, salt), later.durable >= end.next {
      throw damage(
        end.byteCount, "record \(end.next) is gone, and \(later.sequence) says that it was kept")
    }
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
  private func laterRecord(behind start: Int, _ salt: UInt64) -> LogRecord? {
    var last: LogRecord?
    var offset = start + 8
    while offset + LogLayout.recordHeaderByteCount <= bytes.count {
      if let record = LogLayout.record(slice, at: offset, salt: salt) { last = record }
      offset += 8
    }
    return last
  }

  private func damage(_ offset: Int, _ reason: String) -> LogError {
    .damaged(file: name, offset: offset, reason: reason)
  }
}

/// What is wrong with the content of a record whose bytes are those that were written.
package struct RecordFault: Error {
  let reason: String

  package init(_ reason: String) { self.reason = reason }
}
