import Base
import Ingest
import TestSupport
import Testing

@Suite("CSV and TSV records")
struct CSVReaderTests {
  @Test("fields, quotes, newlines and line ends are those of RFC 4180")
  func followsTheStandard() {
    #expect(read("a,b\nc,d\n") == [.record(["a", "b"]), .record(["c", "d"])])
    #expect(read("a,b\r\nc,d") == [.record(["a", "b"]), .record(["c", "d"])])
    #expect(read(",\n") == [.record(["", ""])])
    #expect(read("\"a,b\",c\n") == [.record(["a,b", "c"])])
    #expect(read("\"a\"\"b\",\"\"\n") == [.record(["a\"b", ""])])
    #expect(read("\"a\r\nb\",c\r\n") == [.record(["a\r\nb", "c"])])
    #expect(read("\"\"\"\"\n") == [.record(["\""])])
    #expect(read("\"a\tb\"\tc\n", separator: ASCII.tab) == [.record(["a\tb", "c"])])
  }

  @Test("blank lines and a byte order mark are no records")
  func skipsBlankLinesAndMark() {
    #expect(read("\u{FEFF}a\n\n\r\nb\n") == [.record(["a"]), .blank, .blank, .record(["b"])])
    #expect(read("\u{FEFF}") == [])
    #expect(read("\"\"\n") == [.record([""])])
  }

  @Test("a quote inside an unquoted field is an ordinary character")
  func keepsInnerQuotes() {
    #expect(read("5\" pipe,b\n") == [.record(["5\" pipe", "b"])])
  }

  @Test("what follows a closing quote rejects one line only")
  func rejectsTextAfterQuote() {
    #expect(read("\"a\"b,\"c\nd,e\n") == [.rejected(.malformed), .record(["d", "e"])])
    #expect(read("\"a\"\rb\nd\n") == [.rejected(.malformed), .record(["d"])])
  }

  @Test("a quote that is never closed costs one line")
  func straysCostOneLine() {
    #expect(
      read("a,\"b\nc,d\ne,f\n")
        == [.rejected(.malformed), .record(["c", "d"]), .record(["e", "f"])])
    #expect(
      read("a,\"b\nc,d\n\"e\",f\ng,h\n", limit: 6)
        == [.rejected(.tooLong), .record(["c", "d"]), .record(["e", "f"]), .record(["g", "h"])])
  }

  @Test("after bytes were taken back, a newline ends every record until they are passed")
  func distrustsQuotesForAWhile() {
    // Every line leaves a quote open, read from its start as well as from inside a quoted field.
    let line = "a\",\"c\n"
    let text = String(repeating: line, count: 50)
    #expect(
      read(text, limit: 30)
        == CSVNaive(
          bytes: Array(text.utf8), separator: ASCII.comma, recordByteCountMax: 30
        ).outcomes())
    #expect(read(text, limit: 30).count == 50)
  }

  @Test("a record of the longest size is read, one byte more is not")
  func honoursTheLimit() {
    #expect(read("123456\nab\n", limit: 6) == [.record(["123456"]), .record(["ab"])])
    #expect(read("1234567\nab\n", limit: 6) == [.rejected(.tooLong), .record(["ab"])])
    #expect(read("\"3456\"\nab\n", limit: 6) == [.record(["3456"]), .record(["ab"])])
    #expect(read("\"34567\"\nab\n", limit: 6) == [.rejected(.tooLong), .record(["ab"])])
  }

  @Test("as many columns as the limit allows are read, one more is rejected")
  func honoursTheColumnLimit() {
    let most = Array(repeating: "x", count: Limits.columnCountMax)
    #expect(read(most.joined(separator: ",")) == [.record(most)])
    #expect(read((most + ["x"]).joined(separator: ",")) == [.rejected(.malformed)])
  }

  @Test("the reader equals the naive one for random texts, limits and chunks")
  func equalsNaive() {
    forAll(count: 20_000) { random, note in CSVFuzz.read(&random, note) }
  }

  @Test("the reader equals the naive one for every short text of the bytes that matter")
  func equalsNaiveExhaustively() {
    let alphabet = Array("a,\"\n\r".utf8)
    for count in 0...6 {
      var total = 1
      for _ in 0..<count { total *= alphabet.count }
      for number in 0..<total {
        var rest = number
        let bytes = (0..<count).map { _ in
          defer { rest /= alphabet.count }
          return alphabet[rest % alphabet.count]
        }
        let naive = CSVNaive(bytes: bytes, separator: ASCII.comma, recordByteCountMax: 3)
        let outcomes = readInOnes(bytes, limit: 3)
        if outcomes != naive.outcomes() {
          Issue.record("\(bytes): \(outcomes) is not \(naive.outcomes())")
          return
        }
      }
    }
  }

  private func read(
    _ text: String, separator: UInt8 = ASCII.comma, limit: Int = 1000
  ) -> [CSVOutcome] {
    var reader = DelimitedReader(separator: separator, recordByteCountMax: limit)
    CSVFuzz.feed(Array(text.utf8), to: &reader)
    reader.finish()
    return CSVFuzz.drain(&reader)
  }

  private func readInOnes(_ bytes: [UInt8], limit: Int) -> [CSVOutcome] {
    var reader = DelimitedReader(separator: ASCII.comma, recordByteCountMax: limit)
    var outcomes: [CSVOutcome] = []
    for byte in bytes {
      CSVFuzz.feed([byte], to: &reader)
      outcomes += CSVFuzz.drain(&reader)
    }
    reader.finish()
    return outcomes + CSVFuzz.drain(&reader)
  }
}
