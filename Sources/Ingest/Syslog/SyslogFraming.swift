// Cuts a byte stream into syslog messages or plain lines, however it was split on the way. Syslog over TCP has two
// framings (RFC 6587): a byte count before each message, or a newline after it; senders may even mix them.
//
// SAFETY: a message is lent to the closure for the length of its call: it lies in the received bytes, or in the buffer,
// which does not change meanwhile.

package import Base

package struct SyslogFraming: Sendable {
  package enum Style: Sendable {
    /// Each message says by its first byte how it is framed. Empty ones are none.
    case syslog
    /// Every newline ends a line; empty lines are lines.
    case lines
  }

  private enum State {
    case start
    /// The buffer holds what may be a byte count and its space.
    case count
    /// Up to a newline; the buffer holds the beginning.
    case text
    case skippingText
    /// So many more bytes; the buffer holds the beginning.
    case counted
    case skippingCounted
  }

  /// Messages that were longer than they may be; they are skipped.
  package private(set) var tooLongCount = 0
  private let style: Style
  private let byteCountMax: Int
  private var state = State.start
  private var buffer: [UInt8] = []
  /// Bytes of a counted message that are still to come.
  private var remaining = 0

  /// More digits than any count that is skipped with patience.
  private static let digitCountMax = 7

  /// - Parameter byteCountMax: bytes of the longest message, its frame not counted.
  package init(_ style: Style = .syslog, byteCountMax: Int = Limits.lineByteCountMax) {
    self.style = style
    self.byteCountMax = byteCountMax
  }

  /// Takes the next bytes and hands out the messages that end in them, in order.
  package mutating func receive(_ bytes: ByteSlice, _ body: (ByteSlice) -> Void) {
    var index = 0
    while index < bytes.count {
      switch state {
      case .start: state = isCount(bytes[index]) ? .count : .text
      case .count: index += takeCountByte(bytes[index])
      case .text: index = takeText(bytes, index, body)
      case .skippingText: index = skipText(bytes, index)
      case .counted: index = takeCounted(bytes, index, body)
      case .skippingCounted: index = skipCounted(bytes, index)
      }
    }
  }

  /// The stream has ended, and the next one may begin.
  ///
  /// - Returns: whether it ended within a message, which is lost.
  package mutating func finish() -> Bool {
    defer {
      buffer = []
      state = .start
    }
    switch state {
    case .start, .skippingText, .skippingCounted: return false
    case .count, .text, .counted: return true
    }
  }
}

// MARK: - byte counts

extension SyslogFraming {
  private func isCount(_ byte: UInt8) -> Bool {
    style == .syslog && ASCII.isDigit(byte) && byte != ASCII.zero
  }

  /// Takes a byte of what may be a count; what turns out to be none begins a text.
  ///
  /// - Returns: how many bytes were taken.
  private mutating func takeCountByte(_ byte: UInt8) -> Int {
    let isOver = buffer.last == ASCII.space
    if isOver, byte == UInt8(ascii: "<") {
      beginCounted()
      return 0
    }
    let isDigit = ASCII.isDigit(byte) && buffer.count < SyslogFraming.digitCountMax
    guard !isOver, isDigit || byte == ASCII.space else {
      state = .text
      return 0
    }
    buffer.append(byte)
    return 1
  }

  private mutating func beginCounted() {
    remaining = buffer.dropLast().reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
    buffer.removeAll(keepingCapacity: true)
    state = remaining > byteCountMax ? .skippingCounted : .counted
    if remaining > byteCountMax { tooLongCount += 1 }
  }

  private mutating func takeCounted(
    _ bytes: ByteSlice, _ start: Int, _ body: (ByteSlice) -> Void
  ) -> Int {
    let end = start + min(remaining, bytes.count - start)
    let part = bytes.slice(from: start, to: end)
    remaining -= part.count
    if remaining == 0 {
      finishMessage(part, body)
    } else {
      buffer.append(contentsOf: part.buffer)
    }
    return end
  }

  private mutating func skipCounted(_ bytes: ByteSlice, _ start: Int) -> Int {
    let count = min(remaining, bytes.count - start)
    remaining -= count
    if remaining == 0 { state = .start }
    return start + count
  }
}

// MARK: - texts

extension SyslogFraming {
  private mutating func takeText(
    _ bytes: ByteSlice, _ start: Int, _ body: (ByteSlice) -> Void
  ) -> Int {
    let newline = ByteSearch.firstIndex(of: ASCII.newline, in: bytes, from: start)
    let part = bytes.slice(from: start, to: newline ?? bytes.count)
    guard buffer.count + part.count <= byteCountMax else {
      tooLongCount += 1
      empty()
      state = .skippingText
      return start
    }
    guard let newline else {
      buffer.append(contentsOf: part.buffer)
      return bytes.count
    }
    finishMessage(part, body)
    return newline + 1
  }

  private mutating func skipText(_ bytes: ByteSlice, _ start: Int) -> Int {
    guard let newline = ByteSearch.firstIndex(of: ASCII.newline, in: bytes, from: start) else {
      return bytes.count
    }
    state = .start
    return newline + 1
  }

  /// Hands out the buffer and the last part of a message; a message in one part is not copied.
  private mutating func finishMessage(_ part: ByteSlice, _ body: (ByteSlice) -> Void) {
    state = .start
    guard !buffer.isEmpty else {
      if style == .lines || !part.isEmpty { body(part) }
      return
    }
    buffer.append(contentsOf: part.buffer)
    buffer.withUnsafeBufferPointer { body(ByteSlice($0)) }
    empty()
  }

  private mutating func empty() {
    buffer.removeAll(keepingCapacity: buffer.capacity <= Limits.lineByteCountMax)
  }
}
