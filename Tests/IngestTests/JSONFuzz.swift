// The fuzz body of the JSON scanner: arbitrary and nearly valid bytes, read to the end.

import Base
import Ingest
import Testing

enum JSONFuzz {
  private static let pieces = [
    "{", "}", "[", "]", "\"", "\\", ":", ",", " ", "\\u", "D83D", "\\n", "true", "null", "1.5", "-",
    "\"key\":", "\"value\"", "é",
  ]

  /// Reads one text made of JSON pieces, or of random bytes.
  static func scan(_ random: inout PRNG, _ note: String) {
    var bytes: [UInt8] = random.isHit(0.7) ? Array("{".utf8) : []
    for _ in 0..<random.below(60) {
      if random.isHit(0.1) {
        bytes.append(UInt8(random.below(256)))
      } else {
        bytes += Array(random.pick(pieces).utf8)
      }
    }
    // Exactly as many bytes as the text has, so that a sanitizer sees one read too many.
    let scratch = LineScratch()
    bytes.withUnsafeBufferPointer { walk(ByteSlice($0), scratch, note, depth: 0) }
    withExtendedLifetime(scratch) {}
  }

  private static func walk(_ text: ByteSlice, _ scratch: LineScratch, _ note: String, depth: Int) {
    var reader = JSONObjectReader(text, scratch: scratch)
    var memberCount = 0
    while let (key, value) = reader.next() {
      memberCount += 1
      #expect(key.count <= text.count, "\(note)")
      switch value {
      case .string(let slice), .number(let slice):
        #expect(slice.count <= text.count, "\(note)")
      case .object(let slice):
        #expect(slice.count >= 2 && text.offset(of: slice) + slice.count <= text.count, "\(note)")
        walk(slice, scratch, note, depth: depth + 1)
      case .array(let slice):
        var elements = JSONArrayReader(slice, scratch: scratch)
        while elements.next() != nil {}
      case .bool, .null: break
      }
    }
    #expect(memberCount <= text.count, "\(note)")
    #expect(reader.next() == nil, "\(note)")
  }
}
