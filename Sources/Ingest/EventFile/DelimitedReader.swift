// Cuts a stream of bytes into CSV or TSV records (RFC 4180), wherever its chunks begin and end.
//
// A line without quotes is a record; only a line with one goes through the quote rules. What to do
// about records without end is laid down in docs/formats/event-files.md: a stray quote costs one
// line, and no byte is gone over more than a fixed number of times.
//
// SAFETY: bytes at `start..<end` of the window are initialised; nothing outside of it is read. The
// window grows only in `feed`, so fields stay where they are until the reader's next call.

package import Base

/// Reads records one by one out of chunks.
///
///     reader.feed(chunk)
///     loop: while true {
///       switch reader.next() { ... case .needsMore: break loop }
///     }
package struct DelimitedReader: ~Copyable {
  private let separator: UInt8
  private let recordByteCountMax: Int
  private var window: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// Where `start` lies in the stream.
  private var startOffset: Int64 = 0
  private var isFinished = false
  /// The rest of the current line belongs to a rejected record.
  private var isSkipping = false
  /// Records that begin before this offset end at their first newline, quoted or not.
  private var trustedOffset: Int64 = 0
  private let splitter: DelimitedSplitter

  /// - Parameters:
  ///   - separator: a comma or a tab.
  ///   - recordByteCountMax: longer records are rejected.
  package init(separator: UInt8, recordByteCountMax: Int = Limits.recordByteCountMax) {
    self.separator = separator
    self.recordByteCountMax = recordByteCountMax
    capacity = 4 * recordByteCountMax
    window = .allocate(capacity: capacity)
    splitter = DelimitedSplitter(separator: separator)
  }

  deinit {
    window.deallocate()
    splitter.deallocate()
  }

  /// How many bytes of the stream have been read and will not be read again.
  package var offset: Int64 { startOffset }

  /// Takes a copy of the stream's next bytes.
  package mutating func feed(_ chunk: ByteSlice) {
    precondition(!isFinished, "the stream has been said to be over")
    let pending = end - start
    if pending + chunk.count > capacity {
      capacity = max(2 * capacity, pending + chunk.count)
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      larger.update(from: window + start, count: pending)
      window.deallocate()
      window = larger
    } else {
      window.update(from: window + start, count: pending)
    }
    (window + pending).update(from: chunk.base, count: chunk.count)
    start = 0
    end = pending + chunk.count
  }

  /// Says that there will be no more bytes.
  package mutating func finish() { isFinished = true }

  /// The next record, or why there is none yet.
  package mutating func next() -> DelimitedStep {
    guard skipByteOrderMark(), skipLineIfNeeded(), start < end else {
      return isFinished ? .end : .needsMore
    }
    let limit = min(end, start &+ recordByteCountMax &+ 1)
    let scanned = ByteSlice(window + start, count: limit &- start)
    let newline = ByteSearch.firstIndex(of: ASCII.newline, in: scanned)
    if newline == nil {
      if scanned.count > recordByteCountMax { return reject(.tooLong, at: 0) }
      if !isFinished { return .needsMore }
    }
    let line = newline.map { scanned.slice(from: 0, to: $0) } ?? scanned
    guard ByteSearch.firstIndex(of: ASCII.quote, in: line) != nil else { return take(line.count) }
    return nextQuoted(scanned, lineByteCount: line.count)
  }

  /// The record at the start of `scanned`, whose first line holds a quote.
  private mutating func nextQuoted(_ scanned: ByteSlice, lineByteCount: Int) -> DelimitedStep {
    let isTrusted = startOffset >= trustedOffset
    let text = isTrusted ? scanned : scanned.slice(from: 0, to: lineByteCount)
    let isWhole = !isTrusted || isFinished && scanned.count == end &- start
    switch splitter.findEnd(of: text, isWhole: isWhole) {
    case .at(let count) where count <= recordByteCountMax: return take(count)
    case .malformed(let place): return reject(.malformed, at: place)
    case .at, .open:
      if !isTrusted { return reject(.malformed, at: 0) }
      if scanned.count <= recordByteCountMax && !isFinished { return .needsMore }
      trustedOffset = startOffset &+ Int64(scanned.count)
      return reject(scanned.count > recordByteCountMax ? .tooLong : .malformed, at: 0)
    }
  }

  /// Hands out the record of the next `count` bytes, and moves behind its newline.
  private mutating func take(_ count: Int) -> DelimitedStep {
    let record = UnsafeMutableBufferPointer(start: window + start, count: count)
    advance(min(count &+ 1, end &- start))
    return splitter.split(record)
  }

  /// Moves behind the first newline at or after `place`, which may not have been fed yet.
  private mutating func reject(_ reason: RejectReason, at place: Int) -> DelimitedStep {
    advance(place)
    isSkipping = true
    _ = skipLineIfNeeded()
    return .rejected(reason)
  }

  /// Returns false if the line to be skipped goes on in the next chunk.
  private mutating func skipLineIfNeeded() -> Bool {
    guard isSkipping else { return true }
    let rest = ByteSlice(window + start, count: end &- start)
    guard let newline = ByteSearch.firstIndex(of: ASCII.newline, in: rest) else {
      advance(rest.count)
      return false
    }
    advance(newline &+ 1)
    isSkipping = false
    return true
  }

  /// Returns false if it cannot be told yet whether the stream begins with a byte order mark.
  private mutating func skipByteOrderMark() -> Bool {
    let mark: StaticString = "\u{FEFF}"
    guard startOffset == 0 else { return true }
    let count = min(end &- start, mark.utf8CodeUnitCount)
    let head = ByteSlice(window + start, count: count)
    guard head == ByteSlice(mark.utf8Start, count: count) else { return true }
    guard count == mark.utf8CodeUnitCount else { return isFinished }
    advance(count)
    return true
  }

  private mutating func advance(_ count: Int) {
    start &+= count
    startOffset &+= Int64(count)
  }
}
