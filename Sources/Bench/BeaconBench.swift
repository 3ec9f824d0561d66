// The command line of `beacon-bench`. Exit codes: 0 done and every answer right, 1 not, 2 wrong usage.

internal import ArgumentParser
internal import Foundation
internal import Glibc

struct BeaconBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "beacon-bench",
    abstract: "How fast Beacon is on this machine, with every answer checked.",
    discussion:
      "Without a subcommand it runs the benchmarks; `beacon-bench run --help` has options.",
    subcommands: [RunCommand.self, ScaleCommand.self, PeersCommand.self, ResidentCommand.self],
    defaultSubcommand: RunCommand.self)
}

@main
enum Main {
  private static let usageFailure: Int32 = 2

  static func main() {
    do {
      var command = try BeaconBench.parseAsRoot()
      try command.run()
    } catch {
      let code = BeaconBench.exitCode(for: error)
      let message = BeaconBench.fullMessage(for: error)
      if !message.isEmpty {
        if code.isSuccess {
          print(message)
        } else {
          FileHandle.standardError.write(Data("\(message)\n".utf8))
        }
      }
      exit(code == .validationFailure ? usageFailure : code.rawValue)
    }
  }
}
