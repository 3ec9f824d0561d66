// What became of the followed files, for people to look at.

/// One file.
package struct FollowStatus: Sendable, Equatable {
  package enum State: String, Sendable {
    /// Not looked at yet, or nothing in it yet.
    case new
    case following
    /// Moved aside by a rotation, and being read to its end.
    case rotated
    /// Begins like a file that is being followed: a copy of it, or it will turn out to be another one.
    case copy
    /// Compressed, and not decompressed to its end yet.
    case compressed
    case finished
    /// No lines that could be followed.
    case notFollowed = "not followed"
    case unreadable
  }

  package var path: String
  package var state: State
  /// The next byte to read, decompressed.
  package var offset: Int64
  /// Size on disk.
  package var byteCount: Int64
  /// Bytes that were not read yet, as far as that is known.
  package var lagByteCount: Int64
  package var lineCount: Int64
  package var longLineCount: Int64
  package var lastProblem: String?
}

/// What one poll did.
package struct FollowReport: Sendable, Equatable {
  package var lineCount: Int64 = 0
  package var byteCount: Int64 = 0
  /// What went wrong or was left alone, each said once.
  package var messages: [String] = []
  /// Whether there is more to read right now.
  package var isBehind = false
  /// Why the target refused, if it did.
  package var refusal: String?

  package init() {}
}
