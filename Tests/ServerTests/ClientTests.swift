// The client: what it reads is what the server wrote.

import Base
import Engine
import Ingest
import Query
import Server
import TestSupport
import Testing

@Suite("client", .timeLimit(.minutes(2)))
struct ClientTests {
  /// Answers every query with the same table, and remembers the text.
  private final class TableBackend: Backend {
    let table: ResultTable
    let texts = Monitor<[String]>([])

    init(_ table: ResultTable) { self.table = table }

    func query(
      _ text: [UInt8], settings: QuerySettings, cancellation: Cancellation
    ) throws(QueryError) -> ResultTable {
      texts.update { $0.append(String(decoding: text, as: UTF8.self)) }
      return table
    }

    var status: [StatusItem] { [] }

    func beginIngest(_ kind: FileKind, name: String) throws(IngestError) -> any HitStream {
      throw IngestError("none")
    }

    func forget(_ recipient: [UInt8]) throws(ForgetError) -> RemovalCounts {
      if recipient == Array("fail".utf8) { throw ForgetError("disk full") }
      return RemovalCounts(events: recipient.count, messages: 2, recipients: 1)
    }

    func synchronize() throws(IngestError) {}
  }

  private func withClient(
    _ backend: any Backend, token: String? = nil, _ body: (Client) throws -> Void
  ) throws {
    let token = token.map { Array($0.utf8) }
    let server = try Server(backend, at: ListenAddress(host: "127.0.0.1", port: 0), token: token)
    defer { server.stop() }
    try body(try Client(server.address, token: token))
  }

  private func same(_ left: ResultTable, _ right: ResultTable) -> Bool {
    left.rowCount == right.rowCount && left.columns.map(\.name) == right.columns.map(\.name)
      && left.columns.map(\.type) == right.columns.map(\.type)
      && left.columns.map(\.zone) == right.columns.map(\.zone)
      && (0..<left.rowCount).allSatisfy { left.row($0) == right.row($0) }
  }

  @Test(
    "what no server of ours would say is unreadable, however large the numbers",
    arguments: [
      "OK 1 1 0\na:interval\n106751991168 days 00:00:00\n",
      "OK 1 1 0\na:interval\n9223372036854775807 days 00:00:00\n",
      "OK 1 1 0\na:interval\n-0 days 9223372036854775807:00:00\n",
      "OK 1 1 0\na:interval\n00:9223372036854775807:00\n",
      "OK 1 1 0\na:interval\n00:00:9999999999999999999\n",
      "OK 9223372036854775807 1 0\na:interval\n", "OK -1 1 0\n",
    ])
  func hostile(reply: String) throws {
    let server = try FixedServer(["OK 0 0 0\n", reply])
    let client = try Client(ListenAddress(host: "127.0.0.1", port: server.port))
    let error = #expect(throws: ClientError.self) { try client.request(Array("PING".utf8)) }
    guard case .unreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("an interval as long as one can be is read")
  func longInterval() throws {
    let reply = "OK 1 1 0\na:interval\n-106751991167 days 07:12:55.807\n"
    let server = try FixedServer(["OK 0 0 0\n", reply])
    let client = try Client(ListenAddress(host: "127.0.0.1", port: server.port))
    let answer = try client.request(Array("PING".utf8))
    #expect(answer.table.row(0) == [.integer(-Int64.max)])
  }

  @Test("what a server forgot is counted, and what it could not is told")
  func forget() throws {
    try withClient(TableBackend(ResultTable(columns: []))) { client in
      let counts = try client.forget(Array("ann b@x.example".utf8))
      #expect(counts == RemovalCounts(events: 15, messages: 2, recipients: 1))
      #expect(throws: ClientError.refused(ProtocolError(.forget, "disk full"))) {
        try client.forget(Array("fail".utf8))
      }
    }
  }

  @Test("tables of every type arrive as they were sent")
  func types() throws {
    let values: [Int64] = [
      0, 1, -1, 86_400_000, 1_773_479_521_001, 12_500_000, -999_999, -259_200_001,
    ]
    let vienna = try #require(TimeZoneRules.named("Europe/Vienna"))
    let columns = (ResultType.allCases + [.timestamp]).enumerated().map { index, type in
      let isLast = index == ResultType.allCases.count
      var column = ResultColumn(
        name: "a \(type):x\t", type: type, zone: isLast ? vienna : .utc)
      for value in values {
        switch type {
        case .text: column.append("\(value)\t\n\\N é\r\0")
        case .number, .rate: column.append(Double(value) / 7)
        case .boolean: column.append(value & 1)
        case .date: column.append(value / 86_400_000 * 86_400_000)
        case .integer, .decimal, .timestamp, .interval: column.append(value)
        }
      }
      column.appendNull()
      return column
    }
    let table = ResultTable(columns: columns)
    try withClient(TableBackend(table)) { client in
      let answer = try client.query(Array("SELECT 1".utf8))
      #expect(same(answer.table, table))
    }
  }

  @Test("random texts arrive as they were sent")
  func texts() throws {
    try forAll(count: 20) { random, seed in
      let table = ReplyWriterTests.table(&random)
      try withClient(TableBackend(table)) { client in
        let answer = try client.query(Array("SELECT 1".utf8))
        #expect(same(answer.table, table), "\(seed)")
      }
    }
  }

  @Test("a query of several lines is sent as one; every byte keeps its place")
  func severalLines() throws {
    let backend = TableBackend(ResultTable(columns: []))
    try withClient(backend) { client in
      _ = try client.query(Array("SELECT a -- remark\r\n  , 'x  -- y'\nFROM b".utf8))
      _ = try client.query(Array("SELECT 'open\nFROM b".utf8))
      #expect(throws: ClientError.unreadable("a text with a line end in it cannot be sent")) {
        _ = try client.query(Array("SELECT 'a\nb'\nFROM c".utf8))
      }
    }
    let expected = "SELECT a" + String(repeating: " ", count: 14) + ", 'x  -- y' FROM b"
    #expect(backend.texts.update { $0 } == [expected, "SELECT 'open FROM b"])
  }

  @Test("what the server refuses has its code, place and words")
  func refusals() throws {
    try withClient(EchoBackend(), token: "a secret of 16 bytes") { client in
      let expected = ProtocolError(.query, at: 7, "no such thing: try\\nanother")
      #expect(throws: ClientError.refused(expected)) {
        _ = try client.query(Array("SELECT error".utf8))
      }
      let answer = try client.query(Array("SELECT 1".utf8))
      #expect(answer.table.rowCount == 1)
    }
  }

  @Test("a wrong token is refused")
  func wrongToken() throws {
    let server = try Server(
      EchoBackend(), at: ListenAddress(host: "127.0.0.1", port: 0),
      token: Array("a secret of 16 bytes".utf8))
    defer { server.stop() }
    #expect(throws: ClientError.refused(ProtocolError(.auth, at: 5, "this is not the token"))) {
      _ = try Client(server.address, token: Array("another secret".utf8))
    }
  }

  @Test("a server that is not there, or goes, is told as lost")
  func lost() throws {
    let server = try Server(EchoBackend(), at: ListenAddress(host: "127.0.0.1", port: 0))
    let client = try Client(server.address)
    server.stop()
    #expect(throws: ClientError.self) { _ = try client.query(Array("SELECT 1".utf8)) }
    #expect(throws: ClientError.self) { _ = try Client(server.address) }
  }
}
