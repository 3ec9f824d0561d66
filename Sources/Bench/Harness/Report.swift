// What a run measured and where, as it is written to a file and read again for comparisons.

package struct Report: Codable, Equatable, Sendable {
  package var machine: String
  package var date: String
  /// Access-log lines that were generated.
  package var lineCount: Int
  package var repetitionCount: Int
  package var measurements: [Measurement] = []

  package init(machine: String, date: String, lineCount: Int, repetitionCount: Int) {
    self.machine = machine
    self.date = date
    self.lineCount = lineCount
    self.repetitionCount = repetitionCount
  }

  package subscript(name: String) -> Measurement? { measurements.first { $0.name == name } }

  /// Writes it as JSON.
  ///
  /// - Throws: when the file cannot be written.
  package func write(to path: String) throws { try ReportFile.write(json: self, to: path) }

  /// Reads what `write` wrote.
  ///
  /// - Throws: when it is not there or something else.
  package static func read(_ path: String) throws(BenchFailure) -> Report {
    try ReportFile.read(path)
  }
}
