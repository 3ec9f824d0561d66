// The command line: one file per command, no logic worth testing.

internal import ArgumentParser

@main
struct Beacon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "beacon",
    abstract: "Who opened, who clicked, who bounced and who left: exact answers from access logs.",
    version: "0.1.0",
    subcommands: [GenerateCommand.self])
}
