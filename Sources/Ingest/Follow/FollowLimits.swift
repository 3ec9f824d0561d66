// The limits of following files, with their reasons.

extension Limits {
  /// The most bytes and lines handed over at a time: what a checkpoint may have to repeat after a crash, and what the
  /// receiver writes as one record.
  package static let followedByteCountMax = 1 << 20
  package static let followedLineCountMax = 16_384
  /// How many bytes of a file's beginning, and before a checkpoint, tell its content from others. Longer than a line,
  /// whose time and address differ; short enough to be compared before every read.
  package static let fingerprintByteCountMax = 1024
  /// More files behind one pattern are left alone: every poll asks for the state of each.
  package static let followedFileCountMax = 10_000
  /// More checkpoints are not remembered; the oldest go first. As many as a pattern may have files.
  package static let checkpointCountMax = 10_000
  /// A longer path is not stored, because no system call would take it.
  package static let pathByteCountMax = 4096
  /// How many files are told apart in one poll: each costs a few system calls.
  package static let identificationCountMax = 500
  /// How many open files a new one is compared with, should they all begin alike: a copy is made of one of them, and
  /// nobody rotates more at a time.
  package static let relationCountMax = 256
  /// How many checkpoints are written anew in one poll because their files are still there.
  package static let refreshCountMax = 64
  /// Messages kept so that none is given twice; beyond that all are forgotten and may come again.
  package static let reportedMessageCountMax = 10_000
}
