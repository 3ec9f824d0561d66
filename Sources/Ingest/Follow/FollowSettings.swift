// How files are followed.

package struct FollowSettings: Sendable {
  package var patterns: [FilePattern]
  /// What every file is, whatever it looks like; nil: told by its lines.
  package var forcedKind: FileKind?
  /// Milliseconds without a change after which a file that was moved aside is taken to be complete: its last line is
  /// taken without a newline, and it is closed.
  package var finishAfter: Int64 = 60_000
  /// Milliseconds after which a file that was not seen under any name is forgotten.
  package var forgetAfter: Int64 = 7 * 86_400_000
  /// About how many bytes one poll reads.
  package var byteCountPerPoll = 64 << 20
  /// How many descriptors are held between polls; files that did not change for longest give theirs up. During a poll
  /// it may be twice as many, which still fits the usual limit of 1,024.
  package var openFileCountMax = 400
  /// Files per pattern.
  package var fileCountMax = Limits.followedFileCountMax
  /// Checkpoints remembered.
  package var checkpointCountMax = Limits.checkpointCountMax

  package init(patterns: [FilePattern]) { self.patterns = patterns }
}
