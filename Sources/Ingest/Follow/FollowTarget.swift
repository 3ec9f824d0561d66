// Who takes the lines of followed files, and remembers how far they were taken.

package import Base

/// Why lines are not taken now; the same will be offered again.
package struct FollowRefusal: Error, Sendable, Equatable {
  package var reason: String

  package init(reason: String) { self.reason = reason }
}

package protocol FollowTarget: AnyObject {
  /// Takes whole lines and the note, atomically: both are remembered or neither.
  ///
  /// - Parameters:
  ///   - lines: each ended by a newline, valid during the call; at most `Limits.followedByteCountMax` bytes (one more
  ///     where the file ended without a newline) and `Limits.followedLineCountMax` lines.
  ///   - kind: what the lines are; the same in every call of a note's key.
  ///   - name: the file's path at present, for messages.
  /// - Throws: when it cannot take them now (no room on the disk, read-only).
  func take(
    _ lines: ByteSlice, of kind: FileKind, name: String, note: SourceNote
  ) throws(FollowRefusal)

  /// Remembers a note that covers no lines, or forgets its key.
  func remember(_ note: SourceNote) throws(FollowRefusal)
}
