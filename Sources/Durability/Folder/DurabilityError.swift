// What can go wrong between memory and disk, with the place.

internal import Glibc

package struct DurabilityError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: "open", "write", "sync", "rename", ...
  package let operation: String
  package let path: String
  /// The system's error number.
  package let code: Int32

  package init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// Nothing is wrong with the disk except that it is full.
  package var isLackOfSpace: Bool { SystemError(code).isLackOfSpace }

  /// Nothing was done for want of something that may be there again: room on the disk, descriptors, memory.
  var isTemporary: Bool { isLackOfSpace || code == EMFILE || code == ENFILE || code == ENOMEM }

  /// What was written may be gone although later calls succeed.
  package var isFailedSynchronization: Bool { operation.hasPrefix("sync") }

  package var description: String {
    "cannot \(operation) \(path): \(String(cString: strerror(code)))"
  }
}
