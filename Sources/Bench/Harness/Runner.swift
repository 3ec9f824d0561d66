// Runs suites: one warm-up round, then rounds in which every benchmark has its turn.

internal import Base

struct Runner {
  let fixture: Fixture
  /// Only benchmarks whose names contain this are run. If it begins with a suite's name, only that one is prepared;
  /// otherwise all are, for their benchmarks have names no earlier.
  let filter: String?
  /// Told what comes next.
  let onProgress: (String) -> Void

  /// - Throws: at the first wrong answer.
  func run(_ suites: [Suite]) throws -> Report {
    let options = fixture.options
    var report = Report(
      machine: Machine.description, date: Machine.date, lineCount: options.lineCount,
      repetitionCount: options.repetitionCount)
    for suite in suites where mayMatch(suite) {
      onProgress("\(suite.name): preparing")
      let benchmarks = chosen(try suite.prepare(fixture))
      FreedMemory.keep(for: suite.use)
      report.measurements += try measure(benchmarks)
    }
    return report
  }

  private func mayMatch(_ suite: Suite) -> Bool {
    guard let named = filter?.prefix(while: { $0 != "/" }) else { return true }
    return suite.name == named || !Suite.all.contains { $0.name == named }
  }

  /// The benchmarks that match, and the floors they stand on.
  private func chosen(_ benchmarks: [Benchmark]) -> [Benchmark] {
    guard let filter else { return benchmarks }
    let matching = benchmarks.filter { $0.name.contains(filter) }
    let floors = Set(matching.compactMap(\.floor))
    return benchmarks.filter { $0.name.contains(filter) || floors.contains($0.name) }
  }

  private func measure(_ benchmarks: [Benchmark]) throws -> [Measurement] {
    var measurements = benchmarks.map { benchmark in
      var measurement = Measurement(benchmark.name, unit: benchmark.unit)
      measurement.work = benchmark.work
      measurement.floor = benchmark.floor
      return measurement
    }
    for round in 0...fixture.options.repetitionCount {
      for (index, benchmark) in benchmarks.enumerated() {
        let turn = round == 0 ? "warm-up" : "\(round) of \(fixture.options.repetitionCount)"
        onProgress("\(benchmark.name): \(turn)")
        let recorder = Recorder()
        do {
          try benchmark.sample(recorder)
        } catch {
          throw BenchFailure("\(benchmark.name): \(error)")
        }
        if round > 0 { measurements[index].take(recorder) }
      }
    }
    return measurements
  }
}

extension Measurement {
  fileprivate mutating func take(_ recorder: Recorder) {
    repetitions.append(recorder.value)
    for (name, value) in recorder.notes { notes[name, default: []].append(value) }
  }
}
