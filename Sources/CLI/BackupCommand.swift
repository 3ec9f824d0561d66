// `beacon backup`: a copy of a data directory, also while a server writes to it.

internal import ArgumentParser
internal import Engine

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy a data directory, also while it is being written.",
    discussion: """
      The copy holds everything that was acknowledged before the command began. It is a data \
      directory itself: query it, verify it, or copy it back to restore it.

      beacon backup --data DIR /backup/beacon-2026-03-14
      """)

  @Option(help: "The data directory.")
  var data: String

  @Argument(help: "Where to; a folder that is not there, or empty.")
  var target: String

  func run() throws {
    let summary = try Console.reporting { () throws(EngineError) in
      try Backup.copy(data, to: target)
    }
    try Output.write(
      lines: "\(target): \(summary.fileCount) files, \(summary.byteCount.grouped) bytes")
  }
}
