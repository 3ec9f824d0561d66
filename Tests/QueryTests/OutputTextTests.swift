// The pieces the writers are made of, against plain twins.

import Base
import Query
import TestSupport
import Testing

@Suite("Output pieces")
struct OutputTextTests {
  @Test("a column gives back what was appended, NULLs included")
  func cells() {
    forAll(count: 50) { random, seed in
      var text = ResultColumn(name: "t", type: .text)
      var number = ResultColumn(name: "n", type: .rate)
      var expected: [[ResultCell]] = []
      for _ in 0..<random.below(300) {
        if random.isHit(0.2) {
          text.appendNull()
          number.appendNull()
          expected.append([.null, .null])
        } else {
          let value = String(repeating: "x", count: random.below(5))
          let share = random.unit()
          text.append(value)
          number.append(share)
          expected.append([.text(Array(value.utf8)), .number(share)])
        }
      }
      let table = ResultTable(columns: [text, number])
      #expect((0..<table.rowCount).map(table.row) == expected, "\(seed)")
    }
  }

  @Test("timestamps and dates are what CivilTime formats, before 1970 and beyond year 9999 too")
  func times() {
    forAll(count: 2000) { random, seed in
      let magnitude = Int64(1) << Int64(random.below(50))
      let time = Int64(random.below(Int(2 * magnitude))) - magnitude
      #expect(written(time, .timestamp) == CivilTime.format(time), "\(seed): \(time)")
      let date = String(CivilTime.format(time).prefix { $0 != "T" })
      #expect(written(time, .date) == date, "\(seed): \(time)")
    }
  }

  @Test("integers are what Swift prints, decimals are exact")
  func integers() {
    let edges: [Int64] = [0, 1, -1, 9, 10, 99, 100, -100, .max, .min, 999_999, 1_000_000]
    for value in edges {
      #expect(written(value, .integer) == String(value))
    }
    let decimals: [(Int64, String)] = [
      (0, "0"), (1, "0.000001"), (-1, "-0.000001"), (1_000_000, "1"), (12_340_000, "12.34"),
      (100_000, "0.1"), (.min, "-9223372036854.775808"), (.max, "9223372036854.775807"),
    ]
    for (micros, text) in decimals { #expect(written(micros, .decimal) == text) }
  }

  @Test("percentages are rounded to hundredths")
  func percentages() {
    let cases: [(Double, String)] = [
      (0, "0.00 %"), (1, "100.00 %"), (0.42178, "42.18 %"), (0.00004, "0.00 %"),
      (0.00005, "0.01 %"), (-0.5, "-50.00 %"), (-0.00501, "-0.50 %"), (12.5, "1250.00 %"),
      (.infinity, "inf %"), (.nan, "nan %"), (1e300, "1e+302 %"),
    ]
    for (share, text) in cases {
      var column = ResultColumn(name: "r", type: .rate)
      column.append(share)
      let lines = lines(of: column, .table)
      #expect(lines[2].drop { $0 == " " } == text, "\(share)")
    }
  }

  @Test("the UTF-8 scanner repairs like Swift's own decoder")
  func utf8() {
    let alphabet: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
      0xED,
      0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
    ]
    forAll(count: 5000) { random, seed in
      let bytes = (0..<random.below(10)).map { _ in random.pick(alphabet) }
      var repaired: [Unicode.Scalar] = []
      var offset = 0
      bytes.withUnsafeBufferPointer { buffer in
        let slice = ByteSlice(buffer)
        while offset < slice.count {
          let step = UTF8Scan.step(in: slice, at: offset)
          switch step {
          case .scalar(let value, _): repaired.append(Unicode.Scalar(value) ?? "?")
          case .invalid: repaired.append("\u{FFFD}")
          }
          offset += step.byteCount
        }
      }
      let expected = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
      #expect(repaired == expected, "\(seed): \(bytes)")
    }
  }

  @Test("whatever the bytes, shown text has no control bytes and keeps to its limit")
  func shownText() {
    let alphabet = Array("ab\u{1B}\n\t\u{7F}é日🎉\u{301}\u{202E}\u{9B}".utf8) + [0xFF, 0xC2, 0xF0]
    forAll(count: 3000) { random, seed in
      let bytes = (0..<random.below(12)).map { _ in random.pick(alphabet) }
      let limit = random.below(15)
      var shown: [UInt8] = []
      let width = bytes.withUnsafeBufferPointer {
        DisplayText.append(ByteSlice($0), limit: limit, to: &shown)
      }
      #expect(width <= limit, "\(seed): \(bytes)")
      #expect(!shown.contains { $0 < 0x20 || $0 == 0x7F }, "\(seed): \(bytes)")
      let text = String(decoding: shown, as: UTF8.self)
      #expect(Array(text.utf8) == shown, "\(seed): \(bytes)")
      let sum = text.unicodeScalars.reduce(0) { $0 + TerminalWidth.of($1) }
      #expect(sum == width, "\(seed): \(bytes)")
    }
  }

  private func written(_ value: Int64, _ type: ResultType) -> String {
    var column = ResultColumn(name: "v", type: type)
    column.append(value)
    return lines(of: column, .tsv)[1]
  }

  private func lines(of column: ResultColumn, _ format: ResultFormat) -> [String] {
    var bytes: [UInt8] = []
    ResultWriter(format).write(ResultTable(columns: [column]), into: &bytes)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
