// What repetitions of a benchmark came to. All of them are kept, in order, so that a later comparison can tell how
// much they scatter.

package struct Measurement: Codable, Equatable, Sendable {
  package var name: String
  package var unit: Unit
  /// In the order of the rounds, without the warm-up.
  package var repetitions: [Double]
  package var work: Work?
  package var floor: String?
  /// Further figures, by name, one per repetition.
  package var notes: [String: [Double]] = [:]

  package init(_ name: String, unit: Unit = .nanoseconds, repetitions: [Double] = []) {
    self.name = name
    self.unit = unit
    self.repetitions = repetitions
  }

  /// What stands before the first slash.
  package var suite: String { String(name.prefix { $0 != "/" }) }

  package var minimum: Double { repetitions.min() ?? 0 }

  package var median: Double { Statistics.median(repetitions) }
}
