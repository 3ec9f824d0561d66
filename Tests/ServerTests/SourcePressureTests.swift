// Sources whose senders are quicker than the engine, and engines that take nothing for a while.

import Base
import Glibc
import Ingest
import Server
import Testing

@Suite("sources under pressure", .timeLimit(.minutes(2)))
struct SourcePressureTests {
  private let backend = LineBackend()

  private func serve(
    _ transport: SourceConfiguration.Transport, _ kind: FileKind = .accessLog(.combined),
    limits: ServerLimits = ServerLimits()
  ) throws -> SourceServer {
    let address = ListenAddress(host: "127.0.0.1", port: 0)
    return try SourceServer(
      backend, [SourceConfiguration(transport, at: address, kind)], limits: limits)
  }

  @Test("while the engine is busy, a sender waits and nothing piles up or is lost")
  func backpressure() throws {
    backend.set { $0.isHeld = true }
    let server = try serve(.linesTCP)
    let client = try LoopbackClient(port: server.port)
    let line = Array((String(repeating: "x", count: 99) + "\n").utf8)
    let block = [[UInt8]](repeating: line, count: 10_000).flatMap { $0 }
    var sentCount = 0
    var idleCount = 0
    while idleCount < 100 {
      let count = client.sendSome(Array(block[(sentCount % line.count)...]))
      sentCount += count
      idleCount = count == 0 ? idleCount + 1 : 0
      if count == 0 { usleep(2000) }
      try #require(sentCount < 64 << 20, "the server reads on and on")
    }
    let queued = server.status[0].byteCount
    let readAtOnce = 262_144
    #expect(queued <= ServerLimits().sourceByteCountMax + readAtOnce)
    backend.set { $0.isHeld = false }
    client.close()
    _ = server.status { $0.connectionCount == 0 }
    #expect(server.stop() == nil)
    #expect(backend.state.lines.count == sentCount / line.count)
    #expect(server.status[0].tally.lineCount == sentCount / line.count)
  }

  @Test("a TCP source tries again what the engine did not take, and takes it once")
  func refusedTCP() throws {
    backend.set { $0.refusal = "disk full" }
    let server = try serve(.syslogTCP)
    let client = try LoopbackClient(port: server.port)
    try client.send("<1>a\n<1>b\n")
    _ = server.status { $0.refusal == "disk full" }
    try client.send("<1>c\n")
    backend.set { $0.refusal = nil }
    _ = server.status { $0.tally.lineCount == 3 && $0.refusal == nil }
    #expect(backend.state.lines == ["a", "b", "c"])
    #expect(server.status[0].drops.total == 0)
    server.stop()
  }

  @Test("connections that are gone count as long as their lines wait")
  func resetConnections() throws {
    backend.set { $0.refusal = "disk full" }
    var limits = ServerLimits()
    limits.sourceConnectionCountMax = 2
    let server = try serve(.linesTCP, limits: limits)
    for number in 1...2 {
      let client = try LoopbackClient(port: server.port)
      try client.send("\(number)\n")
      _ = server.status { $0.messageCount == number }
      client.reset()
    }
    _ = server.status { $0.connectionCount == 0 }
    let third = try LoopbackClient(port: server.port)
    #expect(try third.readLine() == nil)
    #expect(server.status[0].refusedConnectionCount == 1)
    backend.set { $0.refusal = nil }
    backend.wait { $0.lines.count == 2 && $0.closedCount == 2 }
    // Their feeds are over a moment later.
    while backend.state.lines.count == 2 {
      let client = try LoopbackClient(port: server.port)
      if client.sendSome(Array("3\n".utf8)) > 0 { client.endOutput() }
      _ = try? client.readLine()
    }
    server.stop()
  }

  @Test("a stream that the disk refused goes on where it was")
  func refusedByDisk() throws {
    let server = try serve(.linesTCP)
    let client = try LoopbackClient(port: server.port)
    try client.send("a\n")
    backend.wait { $0.lines == ["a"] }
    backend.set {
      $0.refusal = "disk full"
      $0.isDiskRefusal = true
    }
    try client.send("b\n")
    _ = server.status { $0.refusal == "disk full" }
    backend.set { $0.refusal = nil }
    _ = server.status { $0.tally.lineCount == 2 }
    #expect(backend.state.lines == ["a", "b"])
    #expect(backend.state.kinds.count == 1)
    server.stop()
  }

  @Test("while nothing can be made durable, nothing is appended")
  func refusedSynchronize() throws {
    backend.set { $0.synchronizeRefusal = "disk full" }
    let server = try serve(.linesTCP)
    let client = try LoopbackClient(port: server.port)
    try client.send("a\n")
    _ = server.status { $0.refusal == "disk full" }
    #expect(backend.state.lines == ["a"])
    try client.send("b\n")
    usleep(300_000)
    #expect(backend.state.lines == ["a"])
    backend.set { $0.synchronizeRefusal = nil }
    _ = server.status { $0.tally.lineCount == 2 && $0.refusal == nil }
    server.stop()
  }

  @Test("a stop gives up what the engine does not take, counts it and says why")
  func refusedStop() throws {
    backend.set {
      $0.refusal = "disk full"
      $0.synchronizeRefusal = "disk full"
    }
    let server = try serve(.syslogTCP)
    let client = try LoopbackClient(port: server.port)
    try client.send("<1>a\n<1>b\n")
    _ = server.status { $0.refusal == "disk full" }
    #expect(server.stop() == IngestError("disk full"))
    #expect(server.status[0].drops[.refused] == 2)
  }

  @Test("a table that cannot be used ends its connection")
  func table() throws {
    backend.set { $0.refusal = "no such column" }
    let server = try serve(.linesTCP, .events(.csv))
    let client = try LoopbackClient(port: server.port)
    try client.send("colour\nred\n")
    #expect(try client.readLine() == nil)
    let status = server.status { $0.connectionCount == 0 }
    #expect(status.drops[.refused] == 2)
    #expect(status.refusal == "no such column")
    server.stop()
  }

  @Test("datagrams that do not fit are counted, by the reason", arguments: [true, false])
  func overflow(isRefused: Bool) throws {
    var limits = ServerLimits()
    limits.datagramQueueByteCountMax = 1000
    backend.set {
      $0.isHeld = !isRefused
      $0.refusal = isRefused ? "disk full" : nil
    }
    let server = try serve(.syslogUDP, limits: limits)
    let client = try DatagramClient(port: server.port)
    try client.send("<190>" + String(repeating: "x", count: 99))
    if isRefused { _ = server.status { $0.refusal != nil } }
    for _ in 1..<50 { try client.send("<190>" + String(repeating: "x", count: 99)) }
    let full = server.status { $0.messageCount == 50 }
    #expect(full.drops[isRefused ? .refused : .overflow] == 40)
    #expect(full.drops.total == 40)
    backend.set {
      $0.isHeld = false
      $0.refusal = nil
    }
    _ = server.status { $0.tally.lineCount == 10 }
    server.stop()
  }

  @Test("of a flood of datagrams, every one is received or counted as dropped")
  func flood() throws {
    let server = try serve(.syslogUDP)
    let client = try DatagramClient(port: server.port)
    let sentCount = 30_000
    for number in 0..<sentCount { try client.send("<190>nginx: line \(number)") }
    let status = server.status { $0.messageCount + $0.drops[.system] == sentCount }
    server.stop()
    let lines = backend.state.lines
    #expect(lines.count + status.drops.total == sentCount)
    #expect(Set(lines).count == lines.count)
  }
}
