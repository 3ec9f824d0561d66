// Round trips over the loopback with the real server: nothing at all, a small reply, a large one, on one connection and
// on many.

internal import Base
internal import Engine
internal import Ingest
internal import Server

extension Suite {
  static let lineProtocol = Suite(name: "protocol") { fixture in
    let engine = try fixture.engine(threadCount: fixture.options.threadCountMax)
    let server = try Server(
      EngineBackend(engine, options: IngestOptions()),
      at: ListenAddress(host: "127.0.0.1", port: 0))
    // The suite's benchmarks are all there is to hold on to the server.
    let running = RunningServer(server)
    let requestCount = 10 * fixture.options.batchCount
    return try ProtocolSuite.requests.flatMap { name, line, divisor in
      try ProtocolSuite.connectionCounts.map { connectionCount in
        try ProtocolSuite.benchmark(
          "protocol/\(name)/\(connectionCount)", Array("\(line)\n".utf8), running,
          Conversations(
            connectionCount: connectionCount,
            requestCount: max(1, requestCount / divisor / connectionCount)))
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

  static func benchmark(
    _ name: String, _ line: [UInt8], _ running: RunningServer, _ conversations: Conversations
  ) throws -> Benchmark {
    let port = running.server.address.port
    let expected = try LineClient(port: port).request(line)
    let count = conversations.connectionCount * conversations.requestCount
    let work = Work(count, "requests", byteCount: expected.byteCount * count)
    return Benchmark(name, work: work) { recorder in
      // Keeps the server until the last round.
      _ = running
      let latencies = try conversations.run(port: port, line, expecting: expected, recorder)
      recorder.note("p50 µs", Statistics.percentile(latencies, 0.5) / 1000)
      recorder.note("p99 µs", Statistics.percentile(latencies, 0.99) / 1000)
    }
  }
}

/// Clients that all ask the same at once, each with a thread of its own.
private struct Conversations {
  let connectionCount: Int
  let requestCount: Int

  /// - Returns: nanoseconds of every round trip.
  func run(
    port: Int, _ line: [UInt8], expecting expected: LineClient.Reply, _ recorder: Recorder
  ) throws -> [Double] {
    let requestCount = requestCount
    let state = Monitor<(latencies: [Double], failure: BenchFailure?)>(([], nil))
    recorder.time {
      Threads.run(connectionCount) {
        do throws(BenchFailure) {
          let latencies = try Conversations.converse(port, line, requestCount, expected)
          state.update { $0.latencies += latencies }
        } catch {
          state.update { $0.failure = error }
        }
      }
    }
    let (latencies, failure) = state.update { $0 }
    if let failure { throw failure }
    return latencies
  }

  private static func converse(
    _ port: Int, _ line: [UInt8], _ count: Int, _ expected: LineClient.Reply
  ) throws(BenchFailure) -> [Double] {
    let client = try LineClient(port: port)
    var latencies: [Double] = []
    for _ in 0..<count {
      let start = MonotonicClock.now()
      let reply = try client.request(line)
      latencies.append(Double(MonotonicClock.now() - start))
      try BenchFailure.unless(reply, is: expected, "reply")
    }
    return latencies
  }
}
