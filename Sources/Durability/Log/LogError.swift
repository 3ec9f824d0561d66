// Why the log does not take a record, or cannot be read.

package enum LogError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The disk is full, or no file can be opened for now. Nothing has happened; it may be tried again.
  case full(DurabilityError)
  /// A write or a synchronization failed. The log takes nothing more until the process starts again.
  case failed(DurabilityError)
  /// A record beyond the limit.
  case tooLarge(byteCount: Int)
  /// What is on disk is not what was written.
  case damaged(file: String, offset: Int, reason: String)

  package var description: String {
    switch self {
    case .full(let error): "\(error)"
    case .failed(let error): "read-only since a failure: \(error); see to the disk, then restart"
    case .tooLarge(let byteCount): "a record of \(byteCount) bytes"
    case .damaged(let file, let offset, let reason): "\(file): byte \(offset): \(reason)"
    }
  }
}
