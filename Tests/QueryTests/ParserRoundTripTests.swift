// Laws of parser and printer over random trees and random bytes.

import Base
import Query
import TestSupport
import Testing

@Suite("Parser and printer")
struct ParserRoundTripTests {
  @Test("parsing what was printed gives the tree back")
  func roundTrip() {
    forAll(count: 1500) { random, seed in
      var generator = SyntaxGenerator(random: random)
      let statement = generator.statement()
      let text = Printer.text(of: statement)
      guard text.utf8.count <= LanguageLimits.textByteCountMax else { return }
      let again = try? Parser.statement(text)
      #expect(again == statement, "\(seed): \(text)")
    }
  }

  @Test("the generator's trees do fit the text limit, mostly")
  func roundTripReach() {
    var fitting = 0
    forAll(count: 200) { random, _ in
      var generator = SyntaxGenerator(random: random)
      let text = Printer.text(of: generator.statement())
      if text.utf8.count <= LanguageLimits.textByteCountMax { fitting += 1 }
    }
    #expect(fitting >= 150)
  }

  @Test("random bytes never trap, and errors point into the text")
  func randomBytes() {
    forAll(count: 3000) { random, seed in
      let bytes = (0..<random.below(200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      ParserRoundTripTests.fuzz(bytes, seed)
    }
  }

  @Test("random pieces of the language never trap, and errors point into the text")
  func randomPieces() {
    let pieces = [
      "SELECT", "FROM", "events", "WHERE", "GROUP", "BY", "HAVING", "ORDER", "LIMIT", "OFFSET",
      "SETTINGS", "EXPLAIN", "NUMBERS", "a", "\"b\"", "'c'", "1", "2.5", "(", "(", ")", ")", ",",
      ".", ";", "*", "/", "-", "+", "=", "<", "||", "::", "IN", "NOT", "AND", "OR", "BETWEEN",
      "LIKE", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST", "EXTRACT", "INTERVAL",
      "'7 days'", "TIMESTAMP", "'2026-03-14'", "DISTINCT", "FILTER", "AS", "NULLS", "text",
    ]
    forAll(count: 5000) { random, seed in
      var text = random.isHit(0.5) ? "SELECT a FROM events WHERE" : ""
      for _ in 0..<random.below(30) { text += " " + random.pick(pieces) }
      ParserRoundTripTests.fuzz(Array(text.utf8), seed)
    }
  }

  @Test("mutated queries never trap, and errors point into the text")
  func mutatedQueries() {
    forAll(count: 1500) { random, seed in
      var generator = SyntaxGenerator(random: random)
      var bytes = Array(Printer.text(of: generator.statement()).utf8)
      for _ in 0...random.below(4) {
        let index = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(random.pick(Array("'\"();,.-<>=%*".utf8)), at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + random.below(20)))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      ParserRoundTripTests.fuzz(bytes, seed)
    }
  }

  /// Any bytes: a statement that survives printing, or an error with a place.
  static func fuzz(_ bytes: [UInt8], _ seed: String) {
    do throws(QueryError) {
      let statement = try Parser.statement(bytes)
      let text = Printer.text(of: statement)
      guard text.utf8.count <= LanguageLimits.textByteCountMax else { return }
      let again = try Parser.statement(text)
      #expect(again == statement, "\(seed): \(text)")
    } catch {
      #expect(error.range.upperBound <= bytes.count, "\(seed): \(error)")
      #expect(!error.message.isEmpty, "\(seed)")
      #expect(!error.summary.contains("\n"), "\(seed): \(error)")
      let lines = error.rendered(in: bytes).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 3, "\(seed): \(error)")
    }
  }
}
