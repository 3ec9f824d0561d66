// One thing that is measured, again and again. Whoever defines it also checks its answer: a sample of a wrong answer
// does not exist.

struct Benchmark {
  /// `suite/what`, without blanks.
  let name: String
  var unit = Unit.nanoseconds
  /// What one repetition works on; nil where rates say nothing.
  var work: Work?
  /// The benchmark of the same suite that shows what the machine could do at best.
  var floor: String?
  /// Does it once, and checks what came out.
  let sample: (Recorder) throws -> Void

  init(
    _ name: String, work: Work? = nil, floor: String? = nil,
    sample: @escaping (Recorder) throws -> Void
  ) {
    self.name = name
    self.work = work
    self.floor = floor
    self.sample = sample
  }

  /// A figure that is looked up and not timed.
  init(_ name: String, unit: Unit, value: @escaping () throws -> Double) {
    self.name = name
    self.unit = unit
    sample = { $0.record(try value()) }
  }
}
