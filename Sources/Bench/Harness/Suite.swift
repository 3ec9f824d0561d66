// Benchmarks that share their preparation. The benchmarks of a suite take turns, so that whatever disturbs one of them
// disturbs the others too.

internal import Base

struct Suite: Sendable {
  let name: String
  /// What the command line keeps freed memory for when it does the same.
  var use = FreedMemory.Use.answering
  /// Makes everything ready; untimed.
  let prepare: @Sendable (Fixture) throws -> [Benchmark]

  static let all: [Suite] = [
    .parse, .ingest, .codecs, .scan, .query, .lineProtocol, .mixed, .open, .memory,
  ]
}
