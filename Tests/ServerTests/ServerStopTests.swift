// How a server starts and stops.

import Base
import Glibc
import Server
import Testing

@Suite("server, start and stop", .timeLimit(.minutes(2)))
struct ServerStopTests {
  private let backend = EchoBackend()
  private let anywhere = ListenAddress(host: "0.0.0.0", port: 0)
  private let loopback = ListenAddress(host: "127.0.0.1", port: 0)

  @Test("others are let in only with a token")
  func open() throws {
    #expect(throws: ServerError.open(anywhere)) { _ = try Server(backend, at: anywhere) }
    let server = try Server(backend, at: anywhere, token: Array("a secret of 16 bytes".utf8))
    defer { server.stop() }
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT 1\nAUTH a secret of 16 bytes\nSELECT 1\n")
    #expect(try client.readLine()?.hasPrefix("ERR AUTH 0 ") == true)
    #expect(try client.readLine()?.hasPrefix("OK 0 0 ") == true)
    #expect(try client.readLine()?.hasPrefix("OK 1 1 ") == true)
  }

  @Test("an address that somebody has is refused")
  func taken() throws {
    let server = try Server(backend, at: loopback)
    defer { server.stop() }
    #expect(throws: ServerError.self) { _ = try Server(backend, at: server.address) }
  }

  @Test("idle clients are let go, and nobody is let in")
  func idle() throws {
    let server = try Server(backend, at: loopback)
    let client = try LoopbackClient(port: server.address.port)
    try client.send("PING\n")
    _ = try client.readLine()
    server.stop()
    #expect(try client.readLine() == nil)
    #expect(throws: LoopbackClient.Failure.self) {
      _ = try LoopbackClient(port: server.address.port)
    }
  }

  @Test("what runs is answered first")
  func gentle() throws {
    var limits = ServerLimits()
    limits.queryMillisecondsMax = 300
    let server = try Server(backend, at: loopback, limits: limits)
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT forever\nSELECT 1\n")
    backend.wait { $0.runningCount == 1 }
    server.stop()
    #expect(try client.readLine()?.hasPrefix("ERR TIMEOUT ") == true)
    #expect(try client.readLine() == nil)
    #expect(backend.state.answeredCount == 1)
  }

  @Test("what takes too long is cancelled")
  func bounded() throws {
    var limits = ServerLimits()
    limits.stopMillisecondsMax = 100
    let server = try Server(backend, at: loopback, limits: limits)
    let client = try LoopbackClient(port: server.address.port)
    try client.send("SELECT forever\n")
    backend.wait { $0.runningCount == 1 }
    server.stop()
    #expect(backend.state.reasons == [.cancelled])
  }

  @Test("lines that were sent before are kept")
  func ingesting() throws {
    let server = try Server(backend, at: loopback)
    let client = try LoopbackClient(port: server.address.port)
    try client.send("PING\nINGEST combined\nhit 1\nhit 2\n")
    _ = try client.readLine()
    server.stop()
    let line = try client.readLine()
    #expect(line == nil || line?.hasPrefix("ERR INGEST 0 ") == true)
    #expect(try client.readLine() == nil)
  }

  @Test(
    "addresses are read",
    arguments: [
      ("127.0.0.1:4747", "127.0.0.1", 4747), ("[::1]:0", "::1", 0), ("localhost:1", "localhost", 1),
    ])
  func addresses(text: String, host: String, port: Int) {
    #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    #expect(ListenAddress(text)?.isLoopback == true)
  }

  @Test(
    "what is no address is refused",
    arguments: ["", "4747", ":4747", "host:", "host:x", "host:70000", "::1:4747", "host:-1"])
  func noAddresses(text: String) { #expect(ListenAddress(text) == nil) }
}
