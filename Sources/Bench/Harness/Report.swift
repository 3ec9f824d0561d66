// What a run measured and where, as it is written to a file and read again for comparisons.

internal import Base
internal import Foundation

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
  /// - Throws: what Foundation says when the file cannot be written.
  package func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path))
  }

  /// Reads what `write` wrote.
  ///
  /// - Throws: what Foundation says when it is not there or something else.
  package static func read(_ path: String) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
