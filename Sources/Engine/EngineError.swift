// What the engine reports upwards: a sentence for people, sorted by exit code.

package enum EngineError: Error, Equatable, Sendable {
  /// The work failed (exit code 1).
  case failed(String)
  /// Something on disk is not what was written (exit code 3).
  case damaged(String)
}
