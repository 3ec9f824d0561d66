// Where a rule may be broken, and why. An entry without a reason is no entry; an entry nobody needs is a finding.

enum Allowances {
  /// Files over 600 lines: tables of data that nobody reads from top to bottom.
  static let longFiles: [String: String] = [:]

  /// Files that promise the compiler more than it can check.
  static let unchecked: [String: String] = [
    "Sources/Base/ByteSlice.swift":
      "a borrowed slice of bytes that nobody writes while it is read; its owner outlives it"
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
