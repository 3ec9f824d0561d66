// Text for a terminal: control bytes, direction overrides and invalid UTF-8 are escaped, so that
// data can neither move the cursor nor reorder a line; widths are counted in terminal columns.

package import Base

package enum DisplayText {
  /// Appends `bytes` as they can be shown, cut to `limit` columns (the last one is `…` then).
  ///
  /// - Returns: the columns used.
  @discardableResult
  package static func append(_ bytes: ByteSlice, limit: Int, to output: inout [UInt8]) -> Int {
    if isPlain(bytes), bytes.count <= limit {
      output.append(contentsOf: bytes.buffer)
      return bytes.count
    }
    var width = 0
    var offset = 0
    // Where to cut so that the ellipsis still fits.
    var cut = (width: 0, byteCount: output.count)
    while offset < bytes.count {
      let step = UTF8Scan.step(in: bytes, at: offset)
      width += appendStep(step, of: bytes, at: offset, to: &output)
      if width > limit {
        output.removeSubrange(cut.byteCount...)
        guard limit > 0 else { return 0 }
        output.append(contentsOf: "…".utf8)
        return cut.width + 1
      }
      if width < limit { cut = (width, output.count) }
      offset += step.byteCount
    }
    return width
  }

  /// The columns that `append` without a limit would use.
  package static func width(of bytes: ByteSlice) -> Int {
    if isPlain(bytes) { return bytes.count }
    var scratch: [UInt8] = []
    return append(bytes, limit: .max, to: &scratch)
  }

  /// `text` as it can be shown on one line, cut to `limit` columns.
  package static func escape(_ text: String, limit: Int = .max) -> String {
    let bytes = Array(text.utf8)
    var shown: [UInt8] = []
    bytes.withUnsafeBufferPointer { _ = append(ByteSlice($0), limit: limit, to: &shown) }
    return String(decoding: shown, as: UTF8.self)
  }

  private static func isPlain(_ bytes: ByteSlice) -> Bool {
    var index = 0
    while index < bytes.count {
      if bytes[index] &- 0x20 > 0x5E { return false }
      index &+= 1
    }
    return true
  }

  private static func appendStep(
    _ step: UTF8Step, of bytes: ByteSlice, at offset: Int, to output: inout [UInt8]
  ) -> Int {
    let raw = bytes.slice(from: offset, to: offset + step.byteCount)
    guard case .scalar(let value, _) = step, let scalar = Unicode.Scalar(value) else {
      return appendEscaped(raw, to: &output)
    }
    switch value {
    case 0x09: return append("\\t", to: &output)
    case 0x0A: return append("\\n", to: &output)
    case 0x0D: return append("\\r", to: &output)
    case 0..<0x20, 0x7F: return appendEscaped(raw, to: &output)
    case 0x80..<0xA0: return append("\\u{\(String(value, radix: 16))}", to: &output)
    default: break
    }
    if isDirectionControl(value) {
      return append("\\u{\(String(value, radix: 16))}", to: &output)
    }
    output.append(contentsOf: raw.buffer)
    return TerminalWidth.of(scalar)
  }

  private static func appendEscaped(_ raw: ByteSlice, to output: inout [UInt8]) -> Int {
    for byte in raw.buffer {
      output.append(contentsOf: "\\x".utf8)
      output.append(hexDigits[Int(byte >> 4)])
      output.append(hexDigits[Int(byte & 15)])
    }
    return raw.count * 4
  }

  private static func append(_ escape: String, to output: inout [UInt8]) -> Int {
    output.append(contentsOf: escape.utf8)
    return escape.utf8.count
  }

  /// Marks, embeddings, overrides and isolates of text direction, and the two Unicode line breaks.
  private static func isDirectionControl(_ value: UInt32) -> Bool {
    switch value {
    case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  static let hexDigits = Array("0123456789abcdef".utf8)
}

/// Columns a character takes on a terminal.
package enum TerminalWidth {
  /// 0 for what joins the character before it, 2 for East Asian wide characters and emoji, else 1.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks whose characters are wide (Unicode's EastAsianWidth W and F), joined where only
  /// unassigned places lie between.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD,
  ]
}
