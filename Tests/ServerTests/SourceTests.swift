// Lines that come by themselves: what a source takes, counts and drops, and whom it lets wait.

import Base
import Glibc
import Ingest
import Server
import Testing

@Suite("sources", .timeLimit(.minutes(2)))
struct SourceTests {
  private let backend = LineBackend()

  private func serve(
    _ transport: SourceConfiguration.Transport, _ kind: FileKind? = .accessLog(.combined),
    limits: ServerLimits = ServerLimits()
  ) throws -> SourceServer {
    let address = ListenAddress(host: "127.0.0.1", port: 0)
    let source = SourceConfiguration(transport, at: address, kind)
    return try SourceServer(backend, [source], limits: limits)
  }

  @Test("syslog over TCP: whatever the framing, one line a message")
  func syslogOverTCP() throws {
    let server = try serve(.syslogTCP)
    let client = try LoopbackClient(port: server.port)
    let stream =
      "<190>Nov 22 05:37:02 edge nginx: a\n22 <190>1 - - - - - - b\nc5 <190><190>t: d\n9 <190>cut"
    try client.send(stream)
    client.close()
    let status = server.status { $0.tally.lineCount == 3 && $0.drops.total == 2 }
    #expect(backend.state.lines == ["a", "b c", "d"])
    #expect(status.messageCount == 5)
    #expect(status.drops[.malformed] == 1)
    #expect(status.drops[.cut] == 1)
    #expect(status.byteCount == stream.utf8.count)
    #expect(status.acceptedConnectionCount == 1)
    #expect((status.lastMessageTime ?? 0) > 1_700_000_000_000)
    #expect(server.stop() == nil)
    #expect(server.status[0].connectionCount == 0)
    #expect(backend.state.closedCount == 1)
    #expect(backend.state.names == ["syslog-tcp"])
  }

  @Test("syslog over UDP: one line a datagram, and what carries none is counted")
  func syslogOverUDP() throws {
    let server = try serve(.syslogUDP)
    let client = try DatagramClient(port: server.port)
    for message in ["<190>Nov 22 05:37:02 edge nginx: a", "<190>", "b\nc\n"] {
      try client.send(message)
    }
    try client.send("<190>x: " + String(repeating: "x", count: 60_000))
    let status = server.status { $0.tally.lineCount == 3 }
    #expect(status.messageCount == 4)
    #expect(status.drops[.malformed] == 1)
    #expect(status.drops.total == 1)
    #expect(backend.state.lines.prefix(2) == ["a", "b c"])
    #expect(backend.state.lines.last?.count == 60_000)
    server.stop()
  }

  @Test("plain lines over TCP: as they are, and what is too long is counted")
  func lines() throws {
    var limits = ServerLimits()
    limits.hitByteCountMax = 10
    let server = try serve(.linesTCP, limits: limits)
    let client = try LoopbackClient(port: server.port)
    try client.send("a\n\n12 <190>b\n0123456789ABC\nc\n.\nd")
    client.endOutput()
    #expect(try client.readToEnd() == "")
    let status = server.status { $0.connectionCount == 0 }
    #expect(backend.state.lines == ["a", "", "12 <190>b", "c", "."])
    #expect(status.drops[.tooLong] == 1)
    #expect(status.drops[.cut] == 1)
    #expect(status.messageCount == 7)
    server.stop()
  }

  @Test(
    "a browser's request brings no lines, however its body looks",
    arguments: [SourceConfiguration.Transport.linesTCP, .syslogTCP])
  func http(transport: SourceConfiguration.Transport) throws {
    let server = try serve(transport)
    for head in ["POST / HTTP/1.1", "Host: localhost"] {
      let client = try LoopbackClient(port: server.port)
      try client.send("\(head)\r\n\r\n<190>x: a\n<190>x: b\n")
      #expect((try? client.readLine()) == nil)
    }
    let status = server.status { $0.refusedConnectionCount == 2 && $0.connectionCount == 0 }
    #expect(status.messageCount == 0 && status.drops.total == 0)
    let item = try #require(StatusItem.items(of: [status]).first)
    #expect(item.value.hasSuffix("0 connections (and 2 refused)"))
    // A log line has words of HTTP, too, and so may later lines.
    let client = try LoopbackClient(port: server.port)
    let line = "192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] \"GET /o HTTP/1.1\" 200 43 \"-\" \"-\""
    try client.send("\(line)\nGET / HTTP/1.1\n")
    backend.wait { $0.lines == [line, "GET / HTTP/1.1"] }
    server.stop()
  }

  @Test("the first lines tell the format; lines before them are counted")
  func format() throws {
    let server = try serve(.linesTCP, nil)
    let client = try LoopbackClient(port: server.port)
    try client.send(String(repeating: "what is this?\n", count: 64))
    _ = server.status { $0.drops[.unrecognised] == 64 }
    let hit = "192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] \"GET /o HTTP/1.1\" 200 43 \"-\" \"-\""
    try client.send(hit + "\n")
    // Nothing more comes, so one line has to do.
    _ = server.status { $0.tally.lineCount == 1 }
    #expect(backend.state.kinds == [.accessLog(.combined)])
    server.stop()
  }

  @Test("a table is nothing for syslog, whatever its first line looks like")
  func syslogTable() throws {
    let server = try serve(.syslogUDP, nil)
    let client = try DatagramClient(port: server.port)
    try client.send("<190>x: time,kind,campaign,recipient")
    let status = server.status { $0.drops.total == 1 }
    #expect(status.drops[.unrecognised] == 1)
    #expect(backend.state.kinds.isEmpty)
    server.stop()
  }

  @Test("lines are made durable within seconds, though the connection stays open")
  func durable() throws {
    let server = try serve(.linesTCP)
    let client = try LoopbackClient(port: server.port)
    try client.send("a\n")
    backend.wait { $0.synchronizedCount == 1 && $0.lines == ["a"] }
    #expect(backend.state.closedCount == 0)
    server.stop()
  }

  @Test("what was received before a stop is delivered")
  func stop() throws {
    let server = try serve(.linesTCP)
    let client = try LoopbackClient(port: server.port)
    try client.send("a\nb\n")
    _ = server.status { $0.messageCount == 2 }
    #expect(server.stop() == nil)
    #expect(backend.state.lines == ["a", "b"])
    #expect(try client.readLine() == nil)
  }

  @Test("others are let in only when that was asked for")
  func open() throws {
    let address = ListenAddress(host: "0.0.0.0", port: 0)
    for transport in SourceConfiguration.Transport.allCases {
      let sources = [SourceConfiguration(transport, at: address)]
      #expect(throws: ServerError.openSource(address)) {
        _ = try SourceServer(backend, sources)
      }
      try SourceServer(backend, sources, allowsOthers: true).stop()
    }
  }

  @Test("an address that somebody has is refused, and those before it are free again")
  func taken() throws {
    let first = try serve(.linesTCP)
    let free = SourceConfiguration(.syslogUDP, at: ListenAddress(host: "127.0.0.1", port: 0))
    let taken = SourceConfiguration(.syslogTCP, at: first.status[0].address)
    #expect(throws: ServerError.self) { _ = try SourceServer(backend, [free, taken]) }
    first.stop()
  }

  @Test("connections beyond the limit are closed and counted")
  func connections() throws {
    var limits = ServerLimits()
    limits.sourceConnectionCountMax = 2
    let server = try serve(.linesTCP, limits: limits)
    let clients = try (0..<3).map { _ in try LoopbackClient(port: server.port) }
    #expect(try clients[2].readLine() == nil)
    let full = server.status { $0.refusedConnectionCount == 1 }
    #expect(full.connectionCount == 2)
    clients[0].close()
    _ = server.status { $0.connectionCount == 1 }
    let late = try LoopbackClient(port: server.port)
    try late.send("a\n")
    backend.wait { $0.lines == ["a"] }
    server.stop()
  }
}
