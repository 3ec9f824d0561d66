// How large a run is.

struct RunOptions {
  /// Access-log lines to generate; half as many messages are sent.
  var lineCount: Int
  /// Timed rounds; one more warms up.
  var repetitionCount: Int
  /// Thread counts to measure where threads matter.
  var threadCounts: [Int]
  /// Queries of a batch whose percentiles are shown, round trips of a connection, and the like.
  var batchCount: Int

  static let smoke = RunOptions(
    lineCount: 2000, repetitionCount: 1, threadCounts: [1, 2], batchCount: 4)
  static let usual = RunOptions(
    lineCount: 1_000_000, repetitionCount: 5, threadCounts: [1, 2], batchCount: 100)
  static let full = RunOptions(
    lineCount: 5_000_000, repetitionCount: 7, threadCounts: [1, 2], batchCount: 200)

  var threadCountMax: Int { threadCounts.max() ?? 1 }
}
