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
    let duration = fixture.options.batchMilliseconds
    return [
      Benchmark("mixed/query-idle") { try mixed.ask(for: duration, $0) },
      Benchmark("mixed/query-while-ingesting", floor: "mixed/query-idle") { recorder in
        let stream = try mixed.startStream()
        try mixed.ask(for: duration, recorder)
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
  /// Lines a second that the stream brings: a busy sender's hits, and so few that all rounds add a tenth to the data.
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

  /// Asks until so many milliseconds are over.
  func ask(for milliseconds: Int, _ recorder: Recorder) throws {
    let end = MonotonicClock.now() + Int64(milliseconds) * 1_000_000
    var latencies: [Double] = []
    repeat {
      let start = MonotonicClock.now()
      let rowCount = try engine.query(MixedSuite.query).rowCount
      latencies.append(Double(MonotonicClock.now() - start))
      try BenchFailure.unless(rowCount, is: campaignCount, "campaigns")
    } while MonotonicClock.now() < end
    recorder.record(Statistics.median(latencies))
    recorder.note("p99 ms", Statistics.percentile(latencies, 0.99) / 1e6)
  }

  struct Outcome {
    let tally: LineTally
    let nanoseconds: Int64
  }

  /// A stream on a thread of its own.
  final class Running: Sendable {
    struct State {
      var hasBegun = false
      var outcome: Result<Outcome, EngineError>?
    }

    let mustStop = Atomic(false)
    let state = Monitor(State())
    let thread = Mutex<RunningThread?>(nil)
  }

  /// Returns when the first lines were taken: until then a query would find nothing going on.
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
      running.state.update { $0.outcome = result }
    }
    guard let thread else { throw BenchFailure("the stream did not start") }
    running.thread.withLock { $0 = thread }
    running.state.wait { $0.hasBegun || $0.outcome != nil ? () : nil }
    return running
  }

  /// Ends the stream, and checks that what it brought is there.
  ///
  /// - Returns: lines per second.
  func stop(_ running: Running) throws -> Double {
    running.mustStop.store(true, ordering: .relaxed)
    running.thread.withLock { $0 }?.join()
    guard let brought = try running.state.update({ $0.outcome })?.get(),
      brought.tally.lineCount > 0
    else { throw BenchFailure("the stream brought nothing") }
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
      if next == 0 { running.state.update { $0.hasBegun = true } }
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
