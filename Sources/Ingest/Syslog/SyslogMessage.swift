// One syslog message, as far as the log line in it. Web servers and forwarders write several headers before a line: RFC
// 3164 with and without a host, the same with an RFC 3339 time, and RFC 5424.

package import Base

package enum SyslogMessage {
  /// The line that `message` carries, cut from it; nil when there is none, or its RFC 5424 header is damaged.
  ///
  /// Whatever has no header at all is a line. A header of RFC 3164 ends with its tag, `nginx:` or `nginx[42]:`; where
  /// there is none, with its time.
  package static func line(of message: ByteSlice) -> ByteSlice? {
    let message = withoutEnd(message)
    guard let priorityEnd = priorityEnd(of: message) else { return unlessEmpty(message) }
    let rest = message.suffix(from: priorityEnd)
    let isModern = rest.count >= 2 && rest[0] == version && rest[1] == ASCII.space
    guard isModern else { return unlessEmpty(traditionalLine(rest)) }
    return modernLine(rest.suffix(from: 2)).flatMap(unlessEmpty)
  }

  private static let version = UInt8(ascii: "1")
  private static let priorityMax = 191
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Behind `<PRI>`; nil when the message does not begin so.
  private static func priorityEnd(of message: ByteSlice) -> Int? {
    guard message.count >= 3, message[0] == UInt8(ascii: "<") else { return nil }
    var value = 0
    var index = 1
    while index < min(message.count, 4), ASCII.isDigit(message[index]) {
      value = value * 10 + Int(message[index] - ASCII.zero)
      index += 1
    }
    guard index > 1, index < message.count, message[index] == UInt8(ascii: ">"),
      value <= priorityMax
    else { return nil }
    return index + 1
  }

  private static func unlessEmpty(_ line: ByteSlice) -> ByteSlice? {
    var start = 0
    while start < line.count, line[start] == ASCII.space { start += 1 }
    return start == line.count ? nil : line.suffix(from: start)
  }

  /// Without the line ends and NULs that senders add.
  private static func withoutEnd(_ message: ByteSlice) -> ByteSlice {
    var end = message.count
    while end > 0 {
      let byte = message[end - 1]
      guard byte == ASCII.newline || byte == ASCII.carriageReturn || byte == 0 else { break }
      end -= 1
    }
    return message.slice(from: 0, to: end)
  }

  /// Behind the word that begins at `start` and the space after it; nil when nothing follows.
  private static func nextWord(_ text: ByteSlice, _ start: Int) -> Int? {
    guard let space = ByteSearch.firstIndex(of: ASCII.space, in: text, from: start),
      space > start
    else { return nil }
    return space + 1
  }
}

// MARK: - RFC 5424

extension SyslogMessage {
  /// - Parameter text: what follows the version: time, host, application, process, message name, structured data.
  private static func modernLine(_ text: ByteSlice) -> ByteSlice? {
    var index = 0
    for _ in 0..<5 {
      guard let next = nextWord(text, index) else { return nil }
      index = next
    }
    guard let end = structuredDataEnd(text, index) else { return nil }
    guard end < text.count else { return .empty }
    guard text[end] == ASCII.space else { return nil }
    let line = text.suffix(from: end + 1)
    return line.buffer.starts(with: byteOrderMark) ? line.suffix(from: byteOrderMark.count) : line
  }

  private static func structuredDataEnd(_ text: ByteSlice, _ start: Int) -> Int? {
    guard start < text.count else { return nil }
    if text[start] == ASCII.minus { return start + 1 }
    var index = start
    while index < text.count, text[index] == ASCII.openBracket {
      guard let end = elementEnd(text, index + 1) else { return nil }
      index = end
    }
    return index > start ? index : nil
  }

  /// Behind the bracket that closes an element. Brackets within quotes close nothing, escaped or not.
  private static func elementEnd(_ text: ByteSlice, _ start: Int) -> Int? {
    var index = start
    var isQuoted = false
    while index < text.count {
      switch text[index] {
      case ASCII.quote: isQuoted.toggle()
      case ASCII.backslash where isQuoted: index += 1
      case ASCII.closeBracket where !isQuoted: return index + 1
      default: break
      }
      index += 1
    }
    return nil
  }
}

// MARK: - RFC 3164

extension SyslogMessage {
  /// - Parameter text: what follows the priority.
  private static func traditionalLine(_ text: ByteSlice) -> ByteSlice {
    guard let timeEnd = timeEnd(text) else {
      return tagEnd(text, 0).map { text.suffix(from: $0) } ?? text
    }
    let rest = text.suffix(from: timeEnd)
    if let end = tagEnd(rest, 0) { return rest.suffix(from: end) }
    if let host = nextWord(rest, 0), let end = tagEnd(rest, host) { return rest.suffix(from: end) }
    return rest
  }

  /// Behind the time and its space; nil when the text begins with none.
  private static func timeEnd(_ text: ByteSlice) -> Int? {
    if has(text, "aaa  d dd:dd:dd ") || has(text, "aaa dd dd:dd:dd ") { return 16 }
    return has(text, "dddd-dd-ddadd:") ? nextWord(text, 0) : nil
  }

  /// Whether the text begins as the pattern says: `a` is a letter, `d` a digit, all else itself.
  private static func has(_ text: ByteSlice, _ pattern: StaticString) -> Bool {
    let pattern = ByteSlice(text: pattern)
    guard text.count >= pattern.count else { return false }
    var index = 0
    while index < pattern.count {
      let byte = text[index]
      let isFit =
        switch pattern[index] {
        case UInt8(ascii: "a"): ASCII.isLetter(byte)
        case UInt8(ascii: "d"): ASCII.isDigit(byte)
        default: byte == pattern[index]
        }
      guard isFit else { return false }
      index += 1
    }
    return true
  }

  /// Behind the tag that begins at `start`; nil when the word there is none. Log lines begin with addresses, names with
  /// ports and JSON objects, and none of them looks like a tag.
  private static func tagEnd(_ text: ByteSlice, _ start: Int) -> Int? {
    var index = start
    while index < text.count, isTagByte(text[index]) { index += 1 }
    guard index > start else { return nil }
    if index < text.count, text[index] == ASCII.openBracket {
      while index < text.count, text[index] != ASCII.closeBracket, text[index] != ASCII.space {
        index += 1
      }
      index += 1
    }
    guard index < text.count, text[index] == ASCII.colon else { return nil }
    let end = index + 1
    return end == text.count || text[end] == ASCII.space ? end : nil
  }

  private static func isTagByte(_ byte: UInt8) -> Bool {
    switch byte {
    case ASCII.colon, ASCII.quote, ASCII.openBrace, ASCII.closeBrace, ASCII.openBracket,
      ASCII.closeBracket:
      false
    default: byte > ASCII.space && byte < ASCII.delete
    }
  }
}
