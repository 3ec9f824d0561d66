// An engine that passes nothing over and keeps nothing, on the files of another one: what it answers comes of reading
// every event.

import Engine
import Query
import TestSupport
import Testing

struct PlainReading {
  private let engine: Engine

  /// What opens and clicks may be asked under.
  static let settings = [
    "", " SETTINGS implied_opens = off", " SETTINGS audience = machine", " SETTINGS audience = all",
  ]

  /// - Parameter folder: where `EngineSetup` put the other engine's files.
  init(_ folder: TemporaryFolder) throws {
    var configuration = Engine.Configuration()
    configuration.prunes = false
    engine = try Engine.open(folder.path + "/data", configuration: configuration)
  }

  /// Expects the other engine to answer the same, however often it is asked.
  func expectSame(_ query: String, from other: Engine, times: Int = 1) throws {
    let expected = try engine.query(query)
    for _ in 0..<times {
      let actual = try other.query(query)
      #expect(actual.rowCount == expected.rowCount, "\(query)")
      #expect(actual.columns.map(\.type) == expected.columns.map(\.type), "\(query)")
      for row in 0..<min(expected.rowCount, actual.rowCount) {
        #expect(actual.row(row) == expected.row(row), "\(query)")
      }
    }
  }
}
