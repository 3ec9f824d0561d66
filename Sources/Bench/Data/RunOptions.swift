// How large a run is.

struct RunOptions {
  /// Access-log lines to generate; half as many messages are sent.
  var lineCount: Int
  /// Timed rounds; one more warms up.
  var repetitionCount: Int
  /// Thread counts to measure where threads matter.
  var threadCounts: [Int]
  /// A tenth of the round trips that connections share.
  var batchCount: Int
  /// How long queries are asked beside a stream.
  var batchMilliseconds: Int

  static let smoke = RunOptions(
    lineCount: 2000, repetitionCount: 1, threadCounts: [1, 2], batchCount: 4,
    batchMilliseconds: 20)
  static let usual = RunOptions(
    lineCount: 1_000_000, repetitionCount: 5, threadCounts: [1, 2], batchCount: 100,
    batchMilliseconds: 300)
  static let full = RunOptions(
    lineCount: 5_000_000, repetitionCount: 7, threadCounts: [1, 2], batchCount: 200,
    batchMilliseconds: 1000)

  var threadCountMax: Int { threadCounts.max() ?? 1 }
}
