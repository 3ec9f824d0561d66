// The server with real sockets on the loopback.

import Base
import Glibc
import Server
import Testing

@Suite("server", .timeLimit(.minutes(5)))
struct ServerTests {
  private let backend = EchoBackend()

  private func server(
    token: String? = nil, _ change: (inout ServerLimits) -> Void = { _ in }
  ) throws -> Server {
    var limits = ServerLimits()
    limits.stopMillisecondsMax = 2000
    change(&limits)
    return try Server(
      backend, at: ListenAddress(host: "127.0.0.1", port: 0),
      token: token.map { Array($0.utf8) }, limits: limits)
  }

  private func isStatus(_ line: String?, _ start: String) -> Bool {
    line?.hasPrefix(start) == true
  }

  @Test("a client is answered line by line")
  func conversation() throws {
    let server = try server()
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("PING\n")
    #expect(isStatus(try client.readLine(), "OK 0 0 "))
    try client.send("SELECT 1\n")
    #expect(isStatus(try client.readLine(), "OK 1 1 "))
    #expect(try client.readLine() == "human")
    #expect(try client.readLine() == "SELECT 1")
    try client.send("INGEST combined\nhit\nhit\n.\n")
    #expect(isStatus(try client.readLine(), "OK 1 5 "))
    #expect(try client.readLine() == "accepted\tignored\trejected\trepeated\tdurability")
    #expect(try client.readLine() == "2\t0\t0\t0\talways")
    try client.send("nonsense\nQUIT\n")
    #expect(isStatus(try client.readLine(), "ERR VERB 0 "))
    #expect(isStatus(try client.readLine(), "OK 0 0 "))
    #expect(try client.readLine() == nil)
  }

  @Test("a client that has ended its side reads all its answers")
  func halfClosed() throws {
    let server = try server()
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT 1\nSELECT rows 1000\nPING")
    client.endOutput()
    let lines = try client.readToEnd().split(separator: "\n")
    #expect(lines.count == 3 + 1002 + 1)
  }

  @Test(
    "replies are whole when the connection ends behind them, though the client reads late",
    arguments: ["", "PING\nPING\nQUIT\n", "PING\nFROB\n"])
  func lateReader(_ rest: String) throws {
    let server = try server()
    defer { server.stop() }
    for rowCount in [3_000, 30_000, 300_000] {
      let client = try LoopbackClient(port: server.address.port)
      try client.send("SELECT rows \(rowCount)\n" + rest)
      if !rest.hasSuffix("QUIT\n") { client.endOutput() }
      backend.wait { $0.runningCount == 0 && $0.answeredCount > 0 }
      usleep(50_000)
      let lines = try client.readToEnd().split(separator: "\n")
      #expect(lines.count == 2 + rowCount + rest.split(separator: "\n").count)
    }
  }

  @Test("a reply larger than what may wait in the channel is sent once")
  func largeReplies() throws {
    let server = try server()
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    for rowCount in [1, 1000, 10_000, 100_000] {
      try client.send("SELECT rows \(rowCount)\nPING\n")
      #expect(isStatus(try client.readLine(), "OK \(rowCount) 1 "))
      #expect(try client.readLine() == "human")
      for row in 0..<rowCount {
        let line = try client.readLine()
        if line != "row \(row)" {
          Issue.record("\(line ?? "nothing") instead of row \(row) of \(rowCount)")
          return
        }
      }
      #expect(isStatus(try client.readLine(), "OK 0 0 "))
    }
  }

  @Test("ten thousand pipelined requests are answered in order")
  func pipelining() throws {
    let server = try server()
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    let count = 10_000
    let requests = (0..<count).map { $0 % 3 == 0 ? "PING\n" : "SELECT \($0)\n" }.joined()
    try client.send(requests)
    for number in 0..<count {
      if number % 3 == 0 {
        #expect(isStatus(try client.readLine(), "OK 0 0 "))
      } else {
        #expect(isStatus(try client.readLine(), "OK 1 1 "))
        #expect(try client.readLine() == "human")
        let line = try client.readLine()
        #expect(line == "SELECT \(number)")
        if line != "SELECT \(number)" { return }
      }
    }
  }

  @Test("a thousand clients at once are all answered")
  func thousandClients() throws {
    FileDescriptors.allow(4096)
    let server = try server()
    defer { server.stop() }
    let clients = try (0..<1000).map { _ in try LoopbackClient(port: server.address.port) }
    for (number, client) in clients.enumerated() { try client.send("SELECT \(number)\nPING\n") }
    for (number, client) in clients.enumerated() {
      #expect(isStatus(try client.readLine(), "OK 1 1 "))
      #expect(try client.readLine() == "human")
      #expect(try client.readLine() == "SELECT \(number)")
      #expect(isStatus(try client.readLine(), "OK 0 0 "))
    }
    // A client that is not used any more may be gone, and its connection with it.
    withExtendedLifetime(clients) { #expect(server.connectionCount == 1000) }
    #expect(backend.state.answeredCount == 1000)
  }

  @Test("one client too many is told so, and the others stay")
  func tooManyClients() throws {
    let server = try server { $0.connectionCountMax = 2 }
    defer { server.stop() }
    let clients = try (0..<2).map { _ in try LoopbackClient(port: server.address.port) }
    for client in clients {
      try client.send("PING\n")
      #expect(isStatus(try client.readLine(), "OK"))
    }
    let late = try LoopbackClient(port: server.address.port)
    #expect(isStatus(try late.readLine(), "ERR BUSY 0 "))
    #expect(try late.readLine() == nil)
    clients[0].close()
    while server.connectionCount == 2 { usleep(1000) }
    let next = try LoopbackClient(port: server.address.port)
    try next.send("PING\n")
    #expect(isStatus(try next.readLine(), "OK"))
  }

  @Test("queries beyond the queue are refused at once")
  func busy() throws {
    let server = try server {
      $0.workerCount = 1
      $0.waitingCountMax = 1
    }
    defer { server.stop() }
    let clients = try (0..<3).map { _ in try LoopbackClient(port: server.address.port) }
    try clients[0].send("SELECT forever\n")
    backend.wait { $0.runningCount == 1 }
    try clients[1].send("SELECT 1\n")
    // Which of these two waits and which is refused is open: they come by different sockets.
    try clients[2].send("SELECT 2\nPING\n")
    try clients[1].send("PING\n")
    clients[0].reset()
    let answers = try [clients[1], clients[2]].map { client in
      let first = try #require(try client.readLine())
      if first.hasPrefix("OK") { _ = (try client.readLine(), try client.readLine()) }
      #expect(isStatus(try client.readLine(), "OK 0 0 "))
      return first.hasPrefix("ERR BUSY 0 ") || first.hasPrefix("OK 1 1 ")
    }
    #expect(answers == [true, true])
  }

  @Test("an over-long line is refused, and the connection lives on")
  func overlongLine() throws {
    let server = try server()
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT " + String(repeating: "x", count: 3_000_000) + "\nPING\n")
    #expect(isStatus(try client.readLine(), "ERR LINE 0 "))
    #expect(isStatus(try client.readLine(), "OK 0 0 "))
  }

  @Test("a client that is reset frees its worker at once")
  func goneMidQuery() throws {
    let server = try server { $0.workerCount = 1 }
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT forever\n")
    backend.wait { $0.runningCount == 1 }
    client.reset()
    backend.wait { $0.runningCount == 0 }
    #expect(backend.state.reasons == [.cancelled])
    let next = try LoopbackClient(port: server.address.port)
    try next.send("SELECT 1\n")
    #expect(isStatus(try next.readLine(), "OK 1 1 "))
  }

  @Test("a client that only closes frees its worker a little later")
  func closedMidQuery() throws {
    let server = try server { $0.partingMillisecondsMax = 50 }
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT forever\n")
    backend.wait { $0.runningCount == 1 }
    client.close()
    backend.wait { $0.runningCount == 0 }
    #expect(backend.state.reasons == [.timedOut])
  }

  @Test("a query has its time, and the next request has its own")
  func timeout() throws {
    let server = try server { $0.queryMillisecondsMax = 30 }
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT forever\nSELECT 1\n")
    #expect(isStatus(try client.readLine(), "ERR TIMEOUT 0 "))
    #expect(isStatus(try client.readLine(), "OK 1 1 "))
  }

  @Test("a client that goes away in a block has its whole lines kept")
  func goneMidBlock() throws {
    let server = try server()
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("INGEST combined\nhit 1\nhit 2\nhit")
    client.close()
    backend.wait { !$0.kept.isEmpty }
    #expect(backend.state.kept == [Array("hit 1\nhit 2\n".utf8)])
  }

  @Test("who asks how things are waits for no lines that wait")
  func statusBesideHits() throws {
    let server = try server()
    defer { server.stop() }
    backend.hold(true)
    let clients = try (0..<3).map { _ in try LoopbackClient(port: server.address.port) }
    for client in clients { try client.send("INGEST combined\nhit\n.\n") }
    let other = try LoopbackClient(port: server.address.port)
    try other.send("STATUS\n")
    #expect(isStatus(try other.readLine(), "OK 1 2 "))
    backend.hold(false)
    for client in clients { #expect(isStatus(try client.readLine(), "OK 1 5 ")) }
  }

  @Test("while the engine takes no lines, a client's writes wait")
  func backpressure() throws {
    let server = try server()
    defer { server.stop() }
    backend.hold(true)
    let client = try LoopbackClient(port: server.address.port)
    try client.send("INGEST combined\n")
    let lines = [UInt8](String(repeating: "hit and nothing else\n", count: 10_000).utf8)
    var sentCount = 0
    var idleCount = 0
    // Until the socket has taken nothing for a while: the kernel's buffers are full, and nobody reads.
    while idleCount < 200, sentCount < 1 << 30 {
      let count = client.sendSome(Array(lines.dropFirst(sentCount % lines.count)))
      sentCount += count
      idleCount = count == 0 ? idleCount + 1 : 0
      if count == 0 { usleep(1000) }
    }
    #expect(sentCount < 64 << 20)
    backend.hold(false)
    if sentCount % lines.count > 0 {
      try client.send(Array(lines.dropFirst(sentCount % lines.count)))
      sentCount += lines.count - sentCount % lines.count
    }
    try client.send(".\n")
    #expect(isStatus(try client.readLine(), "OK 1 5 "))
    _ = try client.readLine()
    #expect(try client.readLine() == "\(sentCount / 21)\t0\t0\t0\talways")
  }

  @Test("a client that does not read its answers is not worked for any further")
  func slowReader() throws {
    let server = try server()
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    let count = 500
    try client.send(String(repeating: "SELECT rows 10000\n", count: count))
    var last = -1
    while backend.state.answeredCount != last {
      last = backend.state.answeredCount
      usleep(300_000)
    }
    #expect(last < count)
    client.endOutput()
    let text = try client.readToEnd()
    #expect(text.utf8.count > count * 10_000 * "row 0\n".utf8.count)
    #expect(text.hasSuffix("row 9999\n"))
    #expect(backend.state.answeredCount == count)
  }
}
