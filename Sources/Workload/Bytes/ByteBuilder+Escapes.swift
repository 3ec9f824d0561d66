// The ways in which files wrap foreign bytes: percent-encoding, what nginx and Apache do to log fields, JSON and CSV.

internal import Base

/// How a sender's software percent-encodes; real links are made by many libraries.
struct PercentStyle {
  /// `%c3` instead of `%C3`.
  var isLowerCase = false
  /// `@` stays as it is.
  var keepsAt = false
  /// A space becomes `+`; in query values only.
  var usesPlusForSpace = false
  /// `+` stays as it is; in paths only, where it means itself.
  var keepsPlus = false
  /// Bytes above ASCII go over the wire as they are.
  var keepsHighBytes = false
}

extension ByteBuilder {
  /// `bytes`, percent-encoded outside letters, digits and `-._~`.
  mutating func append(percentEncoding bytes: ByteSlice, style: PercentStyle) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if isPlain(byte) || keeps(byte, style) {
        append(byte)
      } else if byte == ASCII.space && style.usesPlusForSpace {
        append(ASCII.plus)
      } else {
        append(ASCII.percent)
        append(hexDigit(byte >> 4, isUpper: !style.isLowerCase))
        append(hexDigit(byte & 15, isUpper: !style.isLowerCase))
      }
      index &+= 1
    }
  }

  private func isPlain(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.minus || byte == ASCII.dot
      || byte == ASCII.underscore || byte == 0x7E
  }

  private func keeps(_ byte: UInt8, _ style: PercentStyle) -> Bool {
    switch byte {
    case ASCII.at: style.keepsAt
    case ASCII.plus: style.keepsPlus
    case 0x80...: style.keepsHighBytes
    default: false
    }
  }

  /// nginx, `escape=default`: `\xHH` in upper case for controls, `"`, `\` and everything from 0x7F on.
  mutating func append(nginxEscaping bytes: ByteSlice) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < ASCII.space || byte >= ASCII.delete || byte == ASCII.quote
        || byte == ASCII.backslash
      {
        append(hexEscape: byte, isUpper: true)
      } else {
        append(byte)
      }
      index &+= 1
    }
  }

  /// Apache: `\"`, `\\`, and `\xhh` in lower case for what does not print.
  mutating func append(apacheEscaping bytes: ByteSlice) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == ASCII.quote || byte == ASCII.backslash {
        append(ASCII.backslash)
        append(byte)
      } else if byte < ASCII.space || byte >= ASCII.delete {
        append(hexEscape: byte, isUpper: false)
      } else {
        append(byte)
      }
      index &+= 1
    }
  }

  private mutating func append(hexEscape byte: UInt8, isUpper: Bool) {
    append("\\x")
    append(hexDigit(byte >> 4, isUpper: isUpper))
    append(hexDigit(byte & 15, isUpper: isUpper))
  }

  /// The inside of a JSON string: `"`, `\` and controls escaped, everything else as it is.
  mutating func append(jsonEscaping bytes: ByteSlice) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == ASCII.quote || byte == ASCII.backslash {
        append(ASCII.backslash)
        append(byte)
      } else if byte < ASCII.space {
        append("\\u00")
        append(hex: UInt64(byte), width: 2)
      } else {
        append(byte)
      }
      index &+= 1
    }
  }

  /// One CSV field: quoted if it has to be, with its quotes doubled.
  mutating func append(csvField bytes: ByteSlice, forcesQuotes: Bool = false) {
    guard forcesQuotes || needsQuotes(bytes) else { return append(bytes) }
    append(ASCII.quote)
    for index in 0..<bytes.count {
      if bytes[index] == ASCII.quote { append(ASCII.quote) }
      append(bytes[index])
    }
    append(ASCII.quote)
  }

  private func needsQuotes(_ bytes: ByteSlice) -> Bool {
    for index in 0..<bytes.count {
      switch bytes[index] {
      case ASCII.comma, ASCII.quote, ASCII.newline, ASCII.carriageReturn: return true
      default: continue
      }
    }
    return false
  }
}
