// Where a rule may be broken, and why. An entry without a reason is no entry; an entry nobody needs is a finding.

enum Allowances {
  /// Files over 600 lines: tables of data that nobody reads from top to bottom.
  static let longFiles: [String: String] = [:]

  /// Files that promise the compiler more than it can check.
  static let unchecked: [String: String] = [
    "Sources/Base/ByteSlice.swift":
      "a borrowed slice of bytes that nobody writes while it is read; its owner outlives it",
    "Sources/Base/Gate.swift":
      "the system's own lock, at an address that never changes",
    "Sources/Base/Monitor.swift":
      "its state is touched only between lock and unlock of the one mutex",
    "Sources/Base/StableBuffer.swift":
      "one writer at a time, under the owner's lock; readers see a prefix that no longer changes",
    "Sources/Columnar/Storage/ByteDictionary.swift":
      "one writer at a time, under the owner's lock; readers see ordinals that no longer change",
    "Sources/Columnar/Storage/KeyDictionary.swift":
      "one writer at a time, under its shard's lock; readers see keys that no longer change",
    "Sources/Columnar/Storage/KeyTails.swift":
      "written by its dictionary's writer; readers see the tails of keys they know of",
    "Sources/Columnar/Storage/MessageTable.swift":
      "one writer at a time, under its shard's lock; readers see a prefix of its columns",
    "Sources/Ingest/Journal/Replay.swift":
      "batches are read by all shards at once and changed by nobody meanwhile",
    "Sources/Query/Vector/TextPool.swift":
      "a dictionary that comes to be under a lock, before anybody has a code of it",
  ]

  /// Modules of the toolchain and of packages that are no rows of the table in Package.swift.
  static let systemModules: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "PackageDescription",
    "Synchronization", "Testing",
  ]

  /// Where Foundation may be imported, besides tests.
  static let foundationModules: Set<String> = ["Bench", "CLI", "Server"]

  /// Where results are printed.
  static let printingModules: Set<String> = ["Bench", "CLI"]
}
