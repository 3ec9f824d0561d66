// Why a run is worth nothing: a wrong answer, or something that could not be done.

struct BenchFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// Fails unless what was found is what must be found.
  static func unless<Value: Equatable>(
    _ found: Value, is expected: Value, _ what: String
  ) throws(BenchFailure) {
    if found != expected {
      throw BenchFailure("wrong answer: \(what): found \(found), not \(expected)")
    }
  }
}
