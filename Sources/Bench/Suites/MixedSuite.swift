// A query while nothing else happens, and while a stream brings lines: who loads must not keep who asks waiting.
//
// SAFETY: lines are lent to the stream for the length of a call, from an array that outlives it.

internal import Base
internal import Engine
internal import Glibc
internal import Ingest
internal import Query
internal import Synchronization

extension Suite {
  static let mixed = Suite(name: "mixed") { fixture in
    let mixed = try MixedSuite(fixture)
    let batch = max(4, fixture.options.batchCount / 2)
    return [
      Benchmark("mixed/query-idle") { try mixed.ask(batch, $0) },
      Benchmark("mixed/query-while-ingesting", floor: "mixed/query-idle") { recorder in
        let stream = try mixed.startStream()
        try mixed.ask(batch, recorder)
        recorder.note("lines/s", try mixed.stop(stream))
      },
    ].map { benchmark in
      var benchmark = benchmark
      benchmark.work = Work(1, "queries")
      return benchmark
    }
  }
}

/// The value of a repetition is the median of a batch of queries.
private final class MixedSuite {
  /// Lines a second that the stream brings: a busy sender's hits, and so few that the data hardly grows meanwhile.
  private static let linesPerSecond = 50_000
  private static let linesPerAppend = 500
  private static let query = """
    SELECT campaign, opens, clicks, unique_opens FROM events GROUP BY campaign
    """

  private let engine: Engine
  private let lines: [[UInt8]]
  private let campaignCount: Int
  /// Events that must be there.
  private var eventCount: Int

  init(_ fixture: Fixture) throws {
    let set = try fixture.logSet()
    engine = try Engine.openForWriting(
      fixture.workspace["mixed"],
      configuration: Engine.Configuration(threadCount: fixture.options.threadCountMax))
    _ = try engine.load(
      set.logs, options: IngestOptions(threadCount: fixture.options.threadCountMax))
    lines = MixedSuite.pieces(try set.logBytes())
    eventCount = set.hitCount
    campaignCount = try engine.query(MixedSuite.query).rowCount
  }

  /// Asks `count` times.
  func ask(_ count: Int, _ recorder: Recorder) throws {
    var latencies: [Double] = []
    for _ in 0..<count {
      let start = MonotonicClock.now()
      let rowCount = try engine.query(MixedSuite.query).rowCount
      latencies.append(Double(MonotonicClock.now() - start))
      try BenchFailure.unless(rowCount, is: campaignCount, "campaigns")
    }
    recorder.record(Statistics.median(latencies))
    recorder.note("p99 ms", Statistics.percentile(latencies, 0.99) / 1e6)
  }

  struct Outcome {
    let tally: LineTally
    let nanoseconds: Int64
  }

  /// A stream on a thread of its own.
  final class Running: Sendable {
    let mustStop = Atomic(false)
    let outcome = Mutex<Result<Outcome, EngineError>?>(nil)
    let thread = Mutex<RunningThread?>(nil)
  }

  func startStream() throws -> Running {
    let stream = try engine.beginIngest(.accessLog(.combined), options: IngestOptions())
    let running = Running()
    let lines = lines
    let thread = Threads.start {
      let start = MonotonicClock.now()
      let result = Result { () throws(EngineError) in
        try MixedSuite.feed(stream, lines, running)
        let tally = try stream.finish()
        return Outcome(tally: tally, nanoseconds: MonotonicClock.now() - start)
      }
      running.outcome.withLock { $0 = result }
    }
    running.thread.withLock { $0 = thread }
    return running
  }

  /// Ends the stream, and checks that what it brought is there.
  ///
  /// - Returns: lines per second.
  func stop(_ running: Running) throws -> Double {
    running.mustStop.store(true, ordering: .relaxed)
    running.thread.withLock { $0 }?.join()
    guard let outcome = running.outcome.withLock({ $0 }) else {
      throw BenchFailure("the stream did not start")
    }
    let brought = try outcome.get()
    eventCount += brought.tally.shards.added
    let answer = try engine.query("SELECT count(*) FROM events SETTINGS audience = all")
    try BenchFailure.unless(AnswerText.rows(answer), is: ["\(eventCount)"], "events")
    return Double(brought.tally.lineCount) / Double(brought.nanoseconds) * 1e9
  }

  /// Appends pieces at the pace until it must stop.
  private static func feed(
    _ stream: IngestStream, _ lines: [[UInt8]], _ running: Running
  ) throws(EngineError) {
    let pause = UInt32(1_000_000 * linesPerAppend / linesPerSecond)
    var next = 0
    while !running.mustStop.load(ordering: .relaxed) {
      try lines[next % lines.count].withUnsafeBufferPointer { (buffer) throws(EngineError) in
        try stream.append(ByteSlice(buffer))
      }
      next += 1
      usleep(pause)
    }
  }

  /// Whole lines, cut into pieces of equal numbers of lines.
  private static func pieces(_ text: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var (start, lineCount) = (0, 0)
    for (index, byte) in text.enumerated() where byte == ASCII.newline {
      lineCount += 1
      if lineCount % linesPerAppend == 0 {
        pieces.append(Array(text[start...index]))
        start = index + 1
      }
    }
    if start < text.count { pieces.append(Array(text[start...])) }
    return pieces
  }
}
