// What the engine reports upwards: a sentence for people, sorted by exit code.

internal import Durability

package enum EngineError: Error, Equatable, Sendable {
  /// The work failed (exit code 1).
  case failed(String)
  /// Something on disk is not what was written (exit code 3).
  case damaged(String)
  /// The disk has no room (exit code 1). Nothing is wrong otherwise, and it may be tried again.
  case full(String)
  /// A write failed before, so nothing is taken until the process starts again (exit code 1). Queries go on.
  case readOnly(String)

  /// The error as a sentence.
  package var sentence: String {
    switch self {
    case .failed(let reason), .full(let reason), .readOnly(let reason): reason
    case .damaged(let reason): "damaged data: \(reason)"
    }
  }

  init(_ error: DurabilityError) {
    if error.isFailedSynchronization {
      self = .readOnly(error.description)
    } else {
      self = error.isLackOfSpace ? .full(error.description) : .failed(error.description)
    }
  }

  /// - Parameter folder: where the log is.
  init(_ error: LogError, in folder: String) {
    switch error {
    case .full: self = .full(error.description)
    case .failed: self = .readOnly(error.description)
    case .tooLarge: self = .failed(error.description)
    case .damaged(let file, let offset, let reason):
      self = .damaged("\(folder)/\(file): byte \(offset): \(reason)")
    }
  }
}
