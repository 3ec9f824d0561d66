// INGEST as one client sees it: blocks, dots, and what goes wrong on the way.

import Server
import Testing

@Suite("ingest conversation")
struct IngestConversationTests {
  private let header = "accepted\tignored\trejected\trepeated\tdurability\n"

  @Test("lines up to the dot are counted, and the next request is answered")
  func counts() {
    var dialogue = Dialogue()
    dialogue.send("INGEST combined\nhit 1\nother\nbad\n\nhit 2\r\n.\nPING\n")
    #expect(dialogue.text == "OK 1 5 0\n" + header + "2\t1\t1\t0\talways\nOK 0 0 0\n")
  }

  @Test(
    "only a single dot ends a block",
    arguments: [".\n", ".\r\n"])
  func dots(end: String) {
    var dialogue = Dialogue()
    dialogue.send("ingest COMBINED\n..\n. \n.x\n ." + "\n" + end + end)
    #expect(
      dialogue.text == "OK 1 5 0\n" + header + "0\t0\t4\t0\talways\n"
        + "ERR VERB 0 unknown request '.': HELP lists them\n")
  }

  @Test("an empty block is one")
  func empty() {
    var dialogue = Dialogue()
    dialogue.send("INGEST combined\n.\n")
    #expect(dialogue.text == "OK 1 5 0\n" + header + "0\t0\t0\t0\talways\n")
  }

  @Test("lines that look like requests are hits, and any bytes may stand in one")
  func lookAlikes() {
    var dialogue = Dialogue()
    dialogue.send(
      Array("INGEST combined\nPING\nQUIT\n".utf8) + [0, 0xFF, 0xC3] + Array("\nhit\n.\n".utf8))
    #expect(dialogue.text == "OK 1 5 0\n" + header + "1\t0\t3\t0\talways\n")
    #expect(!dialogue.isClosed)
  }

  @Test("a line that is too long is rejected, and its neighbours are not")
  func overlongLine() {
    var limits = ServerLimits()
    limits.hitByteCountMax = 10
    var dialogue = Dialogue(limits: limits)
    let long = String(repeating: "h", count: 11)
    dialogue.send("INGEST combined\nhit 1\n\(long)\nhit 2\n\(long)\(long)")
    dialogue.send("\(long)\nhit 3\nhit 567890\n.\n")
    #expect(dialogue.text == "OK 1 5 0\n" + header + "4\t0\t2\t0\talways\n")
    #expect(
      dialogue.backend.state.kept == [Array("hit 1\nhit 2\nhit 3\nhit 567890\n".utf8)])
  }

  @Test(
    "a block that is refused is skipped to its dot, with one error",
    arguments: [
      ("INGEST nonsense", "ERR INGEST 7 INGEST takes one of "), ("INGEST", "ERR INGEST 6 INGEST "),
      ("INGEST caddy", "ERR INGEST 0 no caddy today\n"),
    ])
  func refused(request: String, error: String) {
    var dialogue = Dialogue()
    dialogue.send(request + "\n")
    #expect(dialogue.text.hasPrefix(error))
    dialogue.send("PING\nhit\nQUIT\n")
    dialogue.send(".\nPING\n")
    #expect(dialogue.statuses == ["ERR INGEST", "OK 0"])
    #expect(!dialogue.isClosed)
  }

  @Test("a failure on the way is told at once; the rest of the block is skipped")
  func failure() {
    var dialogue = Dialogue()
    dialogue.send("INGEST combined\nhit 1\n")
    dialogue.send("fail\n")
    #expect(dialogue.text == "ERR INGEST 0 disk full\n")
    dialogue.send("hit 2\n")
    dialogue.send(".\nPING\n")
    #expect(dialogue.text == "ERR INGEST 0 disk full\nOK 0 0 0\n")
    #expect(dialogue.backend.state.kept == [Array("hit 1\n".utf8)])
  }

  @Test("a failure in the same chunk as the dot is told once")
  func failureAtTheEnd() {
    var dialogue = Dialogue()
    dialogue.send("INGEST combined\nhit 1\nfail\n.\nPING\n")
    #expect(dialogue.text == "ERR INGEST 0 disk full\nOK 0 0 0\n")
  }

  @Test("the whole lines of a client that goes away are kept, half a line is not")
  func disconnect() {
    var dialogue = Dialogue()
    dialogue.send("INGEST combined\nhit 1\nhit 2\nhit 3")
    dialogue.endInput()
    #expect(dialogue.text == "ERR INGEST 0 no '.' came; 2 accepted before that are kept\n")
    #expect(dialogue.isClosed)
    #expect(dialogue.backend.state.kept == [Array("hit 1\nhit 2\n".utf8)])
  }

  @Test("a server that stops keeps what was sent")
  func stop() {
    var dialogue = Dialogue()
    dialogue.send("INGEST combined\nhit 1\n")
    dialogue.stop()
    #expect(dialogue.text == "ERR INGEST 0 no '.' came; 1 accepted before that are kept\n")
    #expect(dialogue.isClosed)
    #expect(dialogue.backend.state.kept.count == 1)
  }

  @Test("counters start anew with each block")
  func severalBlocks() {
    var limits = ServerLimits()
    limits.hitByteCountMax = 10
    var dialogue = Dialogue(limits: limits)
    dialogue.send("INGEST combined\nthis is far too long\n.\nINGEST combined\nhit\n.\n")
    #expect(
      dialogue.text
        == "OK 1 5 0\n\(header)0\t0\t1\t0\talways\nOK 1 5 0\n\(header)1\t0\t0\t0\talways\n")
  }
}
