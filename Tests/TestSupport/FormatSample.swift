// Bytes that must stay readable for ever: `Tests/Golden/format/*.hex`, two digits a byte, `#` before a remark.

internal import Glibc

package enum FormatSample {
  package struct Unreadable: Error {
    package let name: String
  }

  /// The bytes of `Tests/Golden/format/<name>.hex`.
  package static func bytes(_ name: String, from source: String = #filePath) throws -> [UInt8] {
    let tests = source.split(separator: "/").dropLast(2).joined(separator: "/")
    guard let stream = fopen("/\(tests)/Golden/format/\(name).hex", "r") else {
      throw Unreadable(name: name)
    }
    defer { fclose(stream) }
    var text: [UInt8] = []
    var byte = fgetc(stream)
    while byte != EOF {
      text.append(UInt8(truncatingIfNeeded: byte))
      byte = fgetc(stream)
    }
    return try decode(text, name)
  }

  private static func decode(_ text: [UInt8], _ name: String) throws -> [UInt8] {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    let digits = lines.flatMap { line in line.prefix { $0 != UInt8(ascii: "#") } }
      .filter { $0 != UInt8(ascii: " ") }
    guard digits.count % 2 == 0 else { throw Unreadable(name: name) }
    return try stride(from: 0, to: digits.count, by: 2).map { index in
      let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16) else { throw Unreadable(name: name) }
      return byte
    }
  }
}
