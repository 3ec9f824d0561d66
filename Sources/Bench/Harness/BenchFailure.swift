// Why a run is worth nothing: a wrong answer, or something that could not be done.

package struct BenchFailure: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  /// Fails unless what was found is what must be found.
  static func unless<Value: Equatable>(
    _ found: Value, is expected: Value, _ what: String
  ) throws(BenchFailure) {
    if found != expected {
      throw BenchFailure("wrong answer: \(what): found \(found), not \(expected)")
    }
  }
}
