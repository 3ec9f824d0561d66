// The quote rules of CSV and TSV: where a record with quotes ends, and what its fields are.
//
// SAFETY: every index is compared with the text's count before it is read. Doubled quotes are
// undone in place: what is written is never ahead of what is read. `fields` has room for
// `Limits.columnCountMax`.

internal import Base

/// Where a record with quotes ends.
enum DelimitedEnd: Equatable {
  /// At the newline at this index, or at the end of the text.
  case at(Int)
  /// Nowhere: what stands at this index may not follow a closing quote.
  case malformed(Int)
  /// Not within the text.
  case open
}

struct DelimitedSplitter {
  private let separator: UInt8
  private let fields: UnsafeMutablePointer<ByteSlice>

  init(separator: UInt8) {
    self.separator = separator
    fields = .allocate(capacity: Limits.columnCountMax)
    fields.initialize(repeating: .empty, count: Limits.columnCountMax)
  }

  func deallocate() { fields.deallocate() }

  /// The end of the record that begins where `text` does.
  ///
  /// - Parameter isWhole: nothing follows `text`.
  func findEnd(of text: ByteSlice, isWhole: Bool) -> DelimitedEnd {
    var index = 0
    while true {
      if index < text.count, text.base[index] == ASCII.quote {
        guard let closing = closingQuote(in: text, from: index &+ 1, isWhole: isWhole) else {
          return .open
        }
        index = closing &+ 1
        if let end = endAfterQuote(in: text, at: index, isWhole: isWhole) { return end }
      } else {
        index = ByteScan.index(of: separator, or: ASCII.newline, in: text, from: index)
        if index == text.count { return isWhole ? .at(index) : .open }
        if text.base[index] == ASCII.newline { return .at(index) }
      }
      index &+= 1
    }
  }

  /// The fields of a record that `findEnd` accepted or that has no quote; too many are malformed.
  func split(_ record: UnsafeMutableBufferPointer<UInt8>) -> DelimitedStep {
    guard let base = record.baseAddress else { return .blank }
    var text = ByteSlice(base, count: record.count)
    if text.count > 0, text.base[text.count &- 1] == ASCII.carriageReturn {
      text = text.slice(from: 0, to: text.count &- 1)
    }
    if text.isEmpty { return .blank }
    var index = 0
    var count = 0
    while count < Limits.columnCountMax {
      if index < text.count, text.base[index] == ASCII.quote {
        (fields[count], index) = unquote(text, at: index &+ 1, into: base)
      } else {
        let next = ByteScan.index(of: separator, or: separator, in: text, from: index)
        fields[count] = text.slice(from: index, to: next)
        index = next
      }
      count &+= 1
      if index == text.count { return .record(DelimitedRecord(fields: fields, count: count)) }
      index &+= 1
    }
    return .rejected(.malformed)
  }

  /// The index of the quote that closes what begins at `start`, or nil if it is not to be seen.
  private func closingQuote(in text: ByteSlice, from start: Int, isWhole: Bool) -> Int? {
    var index = start
    while true {
      let found = ByteScan.index(of: ASCII.quote, or: ASCII.quote, in: text, from: index)
      if found == text.count { return nil }
      let following = found &+ 1
      if following == text.count { return isWhole ? found : nil }
      if text.base[following] != ASCII.quote { return found }
      index = following &+ 1
    }
  }

  /// The record's end, if it ends or breaks behind a closing quote; nil before a separator.
  private func endAfterQuote(in text: ByteSlice, at index: Int, isWhole: Bool) -> DelimitedEnd? {
    if index == text.count { return isWhole ? .at(index) : .open }
    let byte = text.base[index]
    if byte == separator { return nil }
    if byte == ASCII.newline { return .at(index) }
    guard byte == ASCII.carriageReturn else { return .malformed(index) }
    let following = index &+ 1
    if following == text.count { return isWhole ? .at(following) : .open }
    return text.base[following] == ASCII.newline ? .at(following) : .malformed(index)
  }

  /// The field behind the quote before `start`, and the index behind its closing quote.
  private func unquote(
    _ text: ByteSlice, at start: Int, into base: UnsafeMutablePointer<UInt8>
  ) -> (ByteSlice, Int) {
    var written = start
    var index = start
    while true {
      let found = ByteScan.index(of: ASCII.quote, or: ASCII.quote, in: text, from: index)
      if written != index { (base + written).update(from: base + index, count: found &- index) }
      written &+= found &- index
      index = found &+ 1
      guard index < text.count, text.base[index] == ASCII.quote else {
        return (text.slice(from: start, to: written), min(index, text.count))
      }
      base[written] = ASCII.quote
      written &+= 1
      index &+= 1
    }
  }
}
