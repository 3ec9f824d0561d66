// Bytes of terminals as keys.

import Base
import Prompt
import TestSupport
import Testing

@Suite("keys")
struct KeyDecoderTests {
  private func keys(_ bytes: [UInt8]) -> [Key] {
    var decoder = KeyDecoder()
    return bytes.compactMap { decoder.feed($0) }
  }

  @Test(
    "what usual terminals send",
    arguments: [
      ("a", [.character("a")]), ("é€😀", [.character("é"), .character("€"), .character("😀")]),
      ("\r", [.enter]), ("\n", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]),
      ("\u{8}", [.backspace]), ("\u{1B}[A", [.up]), ("\u{1B}[B", [.down]), ("\u{1B}[C", [.right]),
      ("\u{1B}[D", [.left]), ("\u{1B}OA", [.up]), ("\u{1B}OH", [.home]), ("\u{1B}[H", [.home]),
      ("\u{1B}[F", [.end]), ("\u{1B}[1~", [.home]), ("\u{1B}[4~", [.end]), ("\u{1B}[3~", [.delete]),
      ("\u{1B}[1;5C", [.wordRight]), ("\u{1B}[1;5D", [.wordLeft]), ("\u{1B}b", [.wordLeft]),
      ("\u{1B}f", [.wordRight]), ("\u{1}", [.home]), ("\u{5}", [.end]), ("\u{15}", [.killToStart]),
      ("\u{B}", [.killToEnd]), ("\u{17}", [.killWord]), ("\u{3}", [.interrupt]),
      ("\u{4}", [.endOfInput]), ("\u{C}", [.clearScreen]), ("\u{10}", [.up]), ("\u{E}", [.down]),
      ("\u{1B}[5~x", [.character("x")]), ("\u{1B}[200~x", [.character("x")]),
      ("\0x", [.character("x")]),
    ] as [(String, [Key])])
  func sequences(text: String, expected: [Key]) { #expect(keys(Array(text.utf8)) == expected) }

  @Test("a character that was cut short is dropped, and the next one is whole")
  func cutCharacter() {
    #expect(keys([0xE2, 0x82, 0x61]) == [.character("a")])
    #expect(keys([0xC3, 0x0D]) == [.enter])
    #expect(keys([0xED, 0xA0, 0x80, 0x61]) == [.character("a")])
    #expect(keys([0xFF, 0x80, 0x61]) == [.character("a")])
  }

  @Test("after any bytes a plain key is understood again")
  func anyBytes() {
    forAll(count: Cases.count(500)) { random, seed in
      var decoder = KeyDecoder()
      for _ in 0..<random.below(40) { _ = decoder.feed(UInt8(random.below(256))) }
      // No sequence is longer than this.
      for _ in 0..<20 { _ = decoder.feed(UInt8(ascii: "m")) }
      #expect(decoder.feed(UInt8(ascii: "x")) == .character("x"), "\(seed)")
    }
  }
}
