// What was measured at one size with one number of threads.

package struct ScalePoint: Codable, Equatable, Sendable {
  package var lineCount: Int
  package var eventCount: Int
  package var threadCount: Int
  /// Milliseconds; medians.
  package var load: Double
  package var open: Double
  package var queries: [String: Double] = [:]
  /// Bytes resident in a process that has opened the directory and answered one query.
  package var residentByteCount: Double = 0
  package var diskByteCount: Double = 0

  package init(lineCount: Int, eventCount: Int, threadCount: Int, load: Double, open: Double) {
    self.lineCount = lineCount
    self.eventCount = eventCount
    self.threadCount = threadCount
    self.load = load
    self.open = open
  }
}

/// All points of a run, as they are written to a file.
package struct ScaleReport: Codable, Equatable, Sendable {
  package var machine: String
  package var date: String
  package var points: [ScalePoint] = []

  package init(machine: String, date: String) {
    self.machine = machine
    self.date = date
  }
}
