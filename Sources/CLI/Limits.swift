// Limits of the files that people write for commands, with their reasons.

enum Limits {
  /// A configuration has some lines for each option; the file is read whole.
  static let configurationByteCountMax = 1 << 20
  /// Only the first line of a token's file counts; remarks may follow.
  static let tokenFileByteCountMax = 1 << 16
  /// Lines of standard input: a statement has at most 16 KiB, so a longer line is none.
  static let inputLineByteCountMax = 1 << 20
  /// Keys that are to be forgotten, some millions of addresses; they are held in memory.
  static let keysByteCountMax = 1 << 27
}
