// What one repetition of a benchmark says about itself.

internal import Base

final class Recorder {
  /// In the benchmark's unit.
  private(set) var value = 0.0
  /// Further figures by name, such as "p99 ms".
  private(set) var notes: [String: Double] = [:]

  /// Runs `body` and adds the nanoseconds it takes.
  func time<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = MonotonicClock.now()
    defer { value += Double(MonotonicClock.now() - start) }
    return try body()
  }

  /// Adds to the value.
  func record(_ amount: Double) { value += amount }

  /// Keeps a figure beside the value.
  func note(_ name: String, _ figure: Double) { notes[name] = figure }
}
