// The line protocol as one client sees it. docs/PROTOCOL.md.

import Server
import TestSupport
import Testing

@Suite("conversation")
struct ConversationTests {
  private func reply(to text: String) -> String {
    var dialogue = Dialogue()
    dialogue.send(text)
    return dialogue.text
  }

  @Test("the document says what each error code means")
  func errorCodes() {
    let text = Repository.text("docs/PROTOCOL.md")
    for code in ProtocolError.Code.allCases {
      #expect(text.contains("\n| `\(code.rawValue)` |"), "\(code.rawValue)")
    }
  }

  @Test("STATUS is answered by the backend, and needs the token")
  func status() {
    var dialogue = Dialogue(token: "sesame")
    dialogue.send("STATUS\nAUTH sesame\nstatus\nSTATUS now\nPING\n")
    #expect(
      dialogue.text == "ERR AUTH 0 show the token first: AUTH token\nOK 0 0 0\n"
        + "OK 1 2 0\nitem\tvalue\nstate\techoes\n"
        + "ERR VERB 7 nothing may follow STATUS\nOK 0 0 0\n")
  }

  @Test(
    "every request has its reply",
    arguments: [
      ("PING\n", "OK 0 0 0\n"),
      ("ping\r\n", "OK 0 0 0\n"),
      ("  Ping  \n", "OK 0 0 0\n"),
      ("\n \r\n\t\nPING\n", "OK 0 0 0\n"),
      ("SELECT 1\n", "OK 1 1 0\nhuman\nSELECT 1\n"),
      ("  explain\tSELECT 1;\r\n", "OK 1 1 0\nhuman\n  explain\\tSELECT 1;\n"),
      ("SELECT rows 0\n", "OK 0 1 0\nhuman\n"),
      ("SELECT error\n", "ERR QUERY 7 no such thing: try\\nanother\n"),
      ("SET audience = all, implied_opens = off\nSELECT\n", "OK 0 0 0\nOK 1 1 0\nall\nSELECT\n"),
      ("PING me\n", "ERR VERB 5 nothing may follow PING\n"),
      ("pong\n", "ERR VERB 0 unknown request 'pong': did you mean PING?\n"),
      (" GET /\n", "ERR VERB 1 unknown request 'GET': did you mean SET?\n"),
      ("{}\n", "ERR VERB 0 unknown request '{}': HELP lists them\n"),
      (".\n", "ERR VERB 0 unknown request '.': HELP lists them\n"),
      (
        "SET audience = none\n",
        "ERR SETTING 15 unknown value 'none': there is human, machine, all\n"
      ),
      ("FORMAT xml\n", "ERR FORMAT 7 FORMAT is one of tsv, csv, json, typed\n"),
      ("FORMAT\n", "ERR FORMAT 6 FORMAT is one of tsv, csv, json, typed\n"),
      ("AUTH whatever\n", "OK 0 0 0\n"),
      ("forget  ann lee@example.org \n", "OK 1 3 0\nevents\tmessages\trecipients\n19\t1\t1\n"),
      ("FORGET nobody\n", "OK 1 3 0\nevents\tmessages\trecipients\n0\t0\t0\n"),
      ("FORGET \n", "ERR FORGET 7 FORGET takes a recipient\n"),
      ("FORGET fail\n", "ERR FORGET 0 disk full\n"),
      ("PI\0NG\n", "ERR LINE 2 a NUL in the line\n"),
    ])
  func replies(request: String, expected: String) { #expect(reply(to: request) == expected) }

  @Test(
    "what a browser sends ends the connection before its body is looked at",
    arguments: [
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:4747\r\nContent-Type: text/plain\r\n\r\n",
      "FORGET /ann HTTP/1.1\r\n", "SELECT * HTTP/2\r\n", "get /\u{C3} HTTP/1.0\n",
      "Host: localhost\r\n", "hOST:x\r\n",
    ])
  func http(head: String) {
    var dialogue = Dialogue()
    dialogue.send("PING\n" + head + "FORGET ann\nINGEST combined\nhit 1\n.\nQUIT\n")
    let reason = "HTTP is not spoken here (see docs/PROTOCOL.md); the connection is closed"
    #expect(dialogue.text == "OK 0 0 0\nERR VERB 0 \(reason)\n")
    #expect(dialogue.isClosed)
    #expect(dialogue.backend.state.kept.isEmpty)
  }

  @Test("a first line of HTTP that is too long to be seen is no way around that")
  func longTarget() {
    var dialogue = Dialogue()
    let target = String(repeating: "x", count: 100_000)
    dialogue.send("POST /\(target) HTTP/1.1\r\nHost: localhost\r\n\r\nFORGET ann\n")
    #expect(dialogue.statuses == ["ERR LINE", "ERR VERB"])
    #expect(dialogue.isClosed)
  }

  @Test("inside INGEST, lines of HTTP are lines like others")
  func quotedHTTP() {
    var dialogue = Dialogue()
    dialogue.send("INGEST combined\nGET / HTTP/1.1\nHost: x\n.\nPING\n")
    #expect(dialogue.statuses == ["OK 1", "OK 0"])
    #expect(!dialogue.isClosed)
  }

  @Test("bytes that are no UTF-8 are told by their place, and the next request is answered")
  func badBytes() {
    var dialogue = Dialogue()
    dialogue.send(Array("SELECT '".utf8) + [0xC3, 0x28] + Array("'\nPING\n".utf8))
    #expect(dialogue.text == "ERR LINE 8 the line is no valid UTF-8\nOK 0 0 0\n")
  }

  @Test("HELP lists every request in the format of the connection")
  func help() {
    var dialogue = Dialogue()
    dialogue.send("HELP\n")
    let lines = dialogue.text.split(separator: "\n")
    #expect(lines.first == "OK 11 2 0")
    #expect(lines.count == 13)
    for verb in [
      "SELECT", "EXPLAIN", "SET", "FORMAT", "INGEST", "FORGET", "AUTH", "STATUS", "PING", "HELP",
      "QUIT",
    ] {
      #expect(lines.contains { $0.hasPrefix(verb) }, "\(verb)")
    }
  }

  @Test("QUIT is answered, and what comes after it is not")
  func quit() {
    var dialogue = Dialogue()
    dialogue.send("QUIT\nPING\n")
    #expect(dialogue.text == "OK 0 0 0\n")
    #expect(dialogue.isClosed)
  }

  @Test("a line of the limit is fine, one more byte is not, and the connection lives on")
  func overlongLine() {
    var limits = ServerLimits()
    limits.requestByteCountMax = 20
    for (length, isFine) in [(19, true), (20, true), (21, false), (22, false), (500, false)] {
      var dialogue = Dialogue(limits: limits)
      let query = "SELECT " + String(repeating: "x", count: length - 7)
      dialogue.send(query + "\nPING\n")
      let answer =
        isFine ? "OK 1 1 0\nhuman\n\(query)\n" : "ERR LINE 0 a line of more than 20 bytes\n"
      #expect(dialogue.text == answer + "OK 0 0 0\n", "\(length)")
    }
  }

  @Test("a line that never ends does not pile up")
  func endlessLine() {
    var dialogue = Dialogue()
    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
    for _ in 0..<100 {
      dialogue.send(chunk)
      #expect(dialogue.conversation.bufferedByteCount <= 100_000)
    }
    dialogue.send("\nPING\n")
    #expect(dialogue.statuses == ["ERR LINE", "OK 0"])
  }

  @Test("settings and format belong to their connection")
  func scope() {
    let backend = EchoBackend()
    var one = Dialogue(backend: backend)
    var other = Dialogue(backend: backend)
    one.send("SET audience = machine\nFORMAT json\n")
    one.send("SELECT 1\n")
    other.send("SELECT 1\n")
    #expect(one.text.hasSuffix("{\"machine\":\"SELECT 1\"}\n"))
    #expect(other.text == "OK 1 1 0\nhuman\nSELECT 1\n")
  }

  @Test("settings change together or not at all")
  func settings() {
    var dialogue = Dialogue()
    dialogue.send("SET audience = all, denominator = none\nSELECT 1\n")
    #expect(dialogue.text.contains("\nhuman\n"))
  }

  @Test("without the token only harmless requests are answered")
  func token() {
    var dialogue = Dialogue(token: "a secret of 16 bytes")
    dialogue.send("PING\nHELP\nSELECT 1\nSET audience = all\nFORMAT csv\n")
    #expect(
      dialogue.statuses == ["OK 0", "OK 11", "ERR AUTH", "ERR AUTH", "ERR AUTH"])
    dialogue.send("INGEST combined\nhit 1\nPING\n.\n")
    #expect(dialogue.statuses.count == 6)
    #expect(dialogue.backend.state.kept.isEmpty)
    dialogue.send("FORGET ann\n")
    #expect(dialogue.statuses.count == 7 && dialogue.statuses.last == "ERR AUTH")
    dialogue.send("AUTH\nAUTH a secret of 16 bytez\nAUTH a secret of 16 byte\nSELECT 1\n")
    #expect(dialogue.statuses.suffix(4) == ["ERR AUTH", "ERR AUTH", "ERR AUTH", "ERR AUTH"])
    dialogue.send("AUTH a secret of 16 bytes\nSELECT 1\n")
    #expect(dialogue.text.hasSuffix("OK 0 0 0\nOK 1 1 0\nhuman\nSELECT 1\n"))
  }

  @Test("at the end of input a last line without its newline is a request")
  func lastLine() {
    var dialogue = Dialogue()
    dialogue.send("PING\nSELECT 1")
    #expect(dialogue.text == "OK 0 0 0\n")
    dialogue.endInput()
    #expect(dialogue.text == "OK 0 0 0\nOK 1 1 0\nhuman\nSELECT 1\n")
    #expect(dialogue.isClosed)
  }

  @Test("a server that stops takes no request any more")
  func stop() {
    var dialogue = Dialogue()
    dialogue.send("PING\nPI")
    dialogue.stop()
    dialogue.send("NG\nPING\n")
    #expect(dialogue.text == "OK 0 0 0\n")
    #expect(dialogue.isClosed)
  }
}
