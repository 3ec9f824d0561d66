// The fuzz body of the CSV reader: random text out of the bytes that matter, cut into random
// chunks.

import Base
import Ingest
import Testing

enum CSVFuzz {
  private static let pieces = [
    "a", "bc", ",", ",", "\t", "\"", "\"", "\"\"", "\"x,y\"", "\n", "\n", "\r\n", "\r", "é",
    "\u{FEFF}",
    "\"line\nline\"", " ",
  ]

  static func text(_ random: inout PRNG) -> [UInt8] {
    var bytes: [UInt8] = random.isHit(0.1) ? [0xEF, 0xBB, 0xBF] : []
    for _ in 0..<random.below(40) {
      if random.isHit(0.05) {
        bytes.append(UInt8(random.below(256)))
      } else {
        bytes += Array(random.pick(pieces).utf8)
      }
    }
    return bytes
  }

  /// The reader gives what the naive one gives, whatever the limit and the chunks are.
  static func read(_ random: inout PRNG, _ note: String) {
    let bytes = text(&random)
    let separator = random.isHit(0.7) ? ASCII.comma : ASCII.tab
    let byteCountMax = random.isHit(0.5) ? 1 + random.below(24) : 1000
    let naive = CSVNaive(
      bytes: bytes, separator: separator, recordByteCountMax: byteCountMax)
    var reader = DelimitedReader(separator: separator, recordByteCountMax: byteCountMax)
    var outcomes: [CSVOutcome] = []
    var start = 0
    while start < bytes.count {
      let count = min(bytes.count - start, 1 + random.below(random.isHit(0.5) ? 3 : 50))
      feed(Array(bytes[start..<start + count]), to: &reader)
      start += count
      if random.isHit(0.8) { outcomes += drain(&reader) }
    }
    reader.finish()
    outcomes += drain(&reader)
    #expect(outcomes == naive.outcomes(), "\(note): \(String(reflecting: bytes)), \(byteCountMax)")
    #expect(reader.offset == Int64(bytes.count), "\(note)")
  }

  static func feed(_ bytes: [UInt8], to reader: inout DelimitedReader) {
    bytes.withUnsafeBufferPointer { reader.feed(ByteSlice($0)) }
  }

  static func drain(_ reader: inout DelimitedReader) -> [CSVOutcome] {
    var outcomes: [CSVOutcome] = []
    while true {
      switch reader.next() {
      case .record(let record): outcomes.append(.record((0..<record.count).map { record[$0].text }))
      case .blank: outcomes.append(.blank)
      case .rejected(let reason): outcomes.append(.rejected(reason))
      case .needsMore, .end: return outcomes
      }
    }
  }
}
