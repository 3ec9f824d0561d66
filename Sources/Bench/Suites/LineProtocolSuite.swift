// Round trips over the loopback with the real server: nothing at all, a small reply, a large one, on one connection and
// on many.

internal import Base
internal import Engine
internal import Ingest
internal import Query
internal import Server

extension Suite {
  static let lineProtocol = Suite(name: "protocol") { fixture in
    let engine = try fixture.engine(threadCount: fixture.options.threadCountMax)
    let server = try Server(
      EngineBackend(engine, options: IngestOptions()),
      at: ListenAddress(host: "127.0.0.1", port: 0))
    // The suite's benchmarks are all there is to hold on to the server.
    let running = RunningServer(server)
    let batchCount = fixture.options.batchCount
    return try ProtocolSuite.requests.flatMap { name, line, divisor in
      let expected = try ProtocolSuite.reply(to: line, of: engine)
      return ProtocolSuite.connectionCounts.map { connectionCount in
        ProtocolSuite.benchmark(
          "protocol/\(name)/\(connectionCount)", running,
          Conversations(
            line: Array("\(line)\n".utf8), expected: expected, connectionCount: connectionCount,
            requestCount: max(1, batchCount / 10, 10 * batchCount / divisor / connectionCount)))
      }
    }
  }
}

/// Stops the server with the last benchmark.
private final class RunningServer: Sendable {
  let server: Server

  init(_ server: Server) { self.server = server }

  deinit { server.stop() }
}

private enum ProtocolSuite {
  static let connectionCounts = [1, 8, 64]
  /// Large replies are asked for less often; little work goes into their rows.
  static let requests: [(name: String, line: String, divisor: Int)] = [
    ("ping", "PING", 1),
    ("small-reply", "SELECT count(*) FROM campaigns", 1),
    (
      "large-reply",
      "SELECT day, link, clicks FROM events WHERE kind = 'clicked' GROUP BY day, link LIMIT 10000",
      20
    ),
  ]

  /// What the engine itself answers; a PING has no answer but its first line.
  static func reply(to line: String, of engine: Engine) throws -> LineClient.Reply {
    if line == "PING" { return LineClient.Reply(rowCount: 0) }
    let table = try engine.query(line)
    var bytes: [UInt8] = []
    ResultWriter(.tsv).write(table, into: &bytes)
    var reply = LineClient.Reply(rowCount: table.rowCount)
    reply.take(bytes[...])
    return reply
  }

  static func benchmark(
    _ name: String, _ running: RunningServer, _ conversations: Conversations
  ) -> Benchmark {
    let count = conversations.connectionCount * conversations.requestCount
    let byteCount = conversations.expected.byteCount * count
    return Benchmark(name, work: Work(count, "requests", byteCount: byteCount)) { recorder in
      // Keeps the server until the last round.
      let port = running.server.address.port
      let latencies = try conversations.run(port: port, recorder)
      recorder.note("p50 µs", Statistics.percentile(latencies, 0.5) / 1000)
      recorder.note("p99 µs", Statistics.percentile(latencies, 0.99) / 1000)
    }
  }
}

/// Clients that all ask the same at once, each with a thread of its own. Time begins when all of them have had a first
/// reply: neither threads nor connections are made in it.
private struct Conversations {
  let line: [UInt8]
  let expected: LineClient.Reply
  let connectionCount: Int
  /// Of each connection.
  let requestCount: Int

  private struct Meeting {
    var readyCount = 0
    var hasBegun = false
    var latencies: [Double] = []
    var failure: BenchFailure?
  }

  /// - Returns: nanoseconds of every round trip.
  func run(port: Int, _ recorder: Recorder) throws -> [Double] {
    let meeting = Monitor(Meeting())
    let threads = (0..<connectionCount).compactMap { _ in
      Threads.start {
        do throws(BenchFailure) {
          let latencies = try converse(port, meeting)
          meeting.update { $0.latencies += latencies }
        } catch {
          meeting.update { $0.failure = error }
        }
      }
    }
    meeting.wait { $0.readyCount == threads.count || $0.failure != nil ? () : nil }
    recorder.time {
      meeting.update { $0.hasBegun = true }
      for thread in threads { thread.join() }
    }
    let (latencies, failure) = meeting.update { ($0.latencies, $0.failure) }
    if let failure { throw failure }
    try BenchFailure.unless(threads.count, is: connectionCount, "threads")
    return latencies
  }

  private func converse(
    _ port: Int, _ meeting: Monitor<Meeting>
  ) throws(BenchFailure) -> [Double] {
    let client = try LineClient(port: port)
    try BenchFailure.unless(try client.request(line), is: expected, "reply")
    meeting.update { $0.readyCount += 1 }
    meeting.wait { $0.hasBegun ? () : nil }
    var latencies: [Double] = []
    for _ in 0..<requestCount {
      let start = MonotonicClock.now()
      let reply = try client.request(line)
      latencies.append(Double(MonotonicClock.now() - start))
      try BenchFailure.unless(reply, is: expected, "reply")
    }
    return latencies
  }
}
