// What events cost in memory: of the process as the system sees it, and column by column beside what they could cost at
// best.

internal import Columnar
internal import Engine

extension Suite {
  static let memory = Suite(name: "memory") { fixture in
    let engine = try fixture.engine(threadCount: 1)
    let path = try fixture.dataDirectory()
    let set = try fixture.logSet()
    var benchmarks = MemorySuite.residence("opened", set.eventCount) {
      try Residence.measure(["--data", path])
    }
    benchmarks += MemorySuite.residence("loaded", set.eventCount) {
      defer { fixture.workspace.remove("resident") }
      return try Residence.measure(
        ["--data", fixture.workspace["resident"], "--load", set.folder])
    }
    return benchmarks + MemorySuite.columns(engine)
  }
}

private enum MemorySuite {
  static func residence(
    _ name: String, _ eventCount: Int, _ measure: @escaping () throws -> Residence
  ) -> [Benchmark] {
    var benchmark = Benchmark("memory/resident/\(name)") { recorder in
      let residence = try measure()
      try BenchFailure.unless(residence.eventCount, is: eventCount, "events")
      recorder.record(Double(residence.byteCount) / Double(eventCount))
      recorder.note("MB", Double(residence.byteCount) / 1e6)
      recorder.note("peak MB", Double(residence.peakByteCount) / 1e6)
    }
    benchmark.unit = .bytesPerEvent
    return [benchmark]
  }

  /// Bytes per event of every event column that is there, and of everything else.
  static func columns(_ engine: Engine) -> [Benchmark] {
    let (inventory, snapshot) = (engine.inventory, engine.snapshot)
    let eventCount = Double(max(inventory.eventCount, 1))
    var benchmarks: [Benchmark] = []
    var (sum, entropySum) = (0.0, 0.0)
    for (column, row) in zip(EventColumn.allCases, inventory.eventColumns) {
      let bytes = Double(row.byteCount) / eventCount
      let entropy = Entropy.bytesPerEvent(column, snapshot)
      benchmarks.append(figure("column/\(row.name.filter { $0 != " " })", bytes, entropy))
      (sum, entropySum) = (sum + bytes, entropySum + entropy)
    }
    benchmarks.append(figure("columns", sum, entropySum))
    let parts: [(String, [Inventory.Row])] = [
      ("messages", inventory.messageColumns), ("recipients", inventory.recipientParts),
      ("dictionaries", inventory.dictionaries),
    ]
    for (name, rows) in parts {
      let byteCount = rows.reduce(0) { $0 + $1.byteCount }
      benchmarks.append(figure(name, Double(byteCount) / eventCount, nil))
    }
    return benchmarks
  }

  private static func figure(_ name: String, _ bytes: Double, _ entropy: Double?) -> Benchmark {
    var benchmark = Benchmark("memory/\(name)") { recorder in
      recorder.record(bytes)
      if let entropy { recorder.note("entropy", entropy) }
    }
    benchmark.unit = .bytesPerEvent
    return benchmark
  }
}
