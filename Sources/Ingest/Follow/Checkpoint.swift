// What is remembered of a followed file, together with the lines it covers: how to know the file again, by whatever
// name, and which of its bytes were taken.

package import Base

/// A file's content up to an offset, all of whose lines were taken. A value; nothing of the file's text is in it.
package struct Checkpoint: Equatable, Sendable {
  /// The path under which it was first seen. A file that has another one now was moved aside by a rotation.
  package var path: String
  package var identity: FileIdentity
  /// The next byte to read; of a compressed file, counted in decompressed bytes.
  package var offset: Int64 = 0
  /// The first bytes, not beyond the offset.
  package var head: Fingerprint
  /// The last bytes before the offset.
  package var tail: Fingerprint
  /// Lines taken.
  package var lineCount: Int64 = 0
  /// Lines left out because they were too long, the one that the offset lies in included.
  package var longLineCount: Int64 = 0
  /// What the lines are; nil while that is not known.
  package var kind: FileKind?
  /// Whether the offset lies in a line that is too long.
  package var isInLongLine = false
  /// Whether the file was read to its end, with no more to come.
  package var isFinished = false
  /// A compressed file's size and the fingerprint of its compressed bytes at both ends.
  package var container: Container?
  /// UTC milliseconds of when the file was last there.
  package var lastSeen: Int64 = 0

  /// A compressed file, known without decompressing it.
  package struct Container: Hashable, Sendable {
    package var byteCount: Int64
    package var ends: ContentDigest

    package init(byteCount: Int64, ends: ContentDigest) {
      self.byteCount = byteCount
      self.ends = ends
    }
  }

  package init(path: String, identity: FileIdentity) {
    self.path = path
    self.identity = identity
    head = .empty
    tail = .empty
  }
}

/// Why bytes are no checkpoint.
package enum CheckpointError: Error, Equatable, Sendable {
  /// Written by a version that this one does not know.
  case version(UInt8)
  case cut(ByteCursor.Failure)
  /// A value that no checkpoint has, by its name.
  case invalid(String)
}
