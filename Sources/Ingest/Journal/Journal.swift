// Where batches go before they are put into memory, so that they outlive the process.

package import Base

package protocol Journal: AnyObject, Sendable {
  /// Keeps a batch, then runs `apply`, which puts it into memory. Batches are applied in the order in which they are
  /// kept.
  ///
  /// - Parameters:
  ///   - batch: as `BatchRecordWriter` writes it; valid during the call.
  ///   - notes: what sources want remembered together with it.
  ///   - shared: whose codes the batch uses.
  /// - Throws: when it cannot be kept. `apply` was not run then.
  func append(
    _ batch: ByteSlice, notes: [SourceNote], shared: SharedState, apply: () -> Void
  ) throws(JournalRefusal)

  /// Why nothing is taken now, if that is known already. Asking waits for nobody who appends.
  var refusal: JournalRefusal? { get }
}

/// Why events cannot be taken now.
package struct JournalRefusal: Error, Equatable, Sendable {
  package let reason: String
  /// Whether it may be tried again later, without restarting the process.
  package let isPassing: Bool

  package init(_ reason: String, isPassing: Bool) {
    self.reason = reason
    self.isPassing = isPassing
  }
}

/// What a source wants remembered together with the lines it covers; opaque to who stores it. No bytes: forget the key.
package struct SourceNote: Equatable, Sendable {
  package var key: UInt64
  package var bytes: [UInt8]

  package init(key: UInt64, bytes: [UInt8]) {
    self.key = key
    self.bytes = bytes
  }
}
