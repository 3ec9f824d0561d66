// The command line: one file per command, no logic worth testing.
//
// Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 damaged data.

internal import ArgumentParser
internal import Engine
internal import Glibc

struct Beacon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "beacon",
    abstract: "Who opened, who clicked, who bounced and who left: exact answers from access logs.",
    version: "beacon 0.1.0",
    subcommands: [
      GenerateCommand.self, IngestCommand.self, QueryCommand.self, ReportCommand.self,
      ServeCommand.self, StatusCommand.self, ForgetCommand.self, BackupCommand.self,
      InspectCommand.self, VerifyCommand.self,
    ])
}

@main
enum Main {
  private static let usageFailure: Int32 = 2

  static func main() {
    // A file that may not grow any more is told like a full disk; it would end the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try run()
    } catch let failure as Output.Failure {
      if failure.isReaderGone { return }
      Console.say("beacon: \(failure)")
      exit(1)
    } catch {
      let code = Beacon.exitCode(for: error)
      let message = Beacon.fullMessage(for: error)
      if !message.isEmpty { Console.say(message) }
      exit(code == .validationFailure ? usageFailure : code.rawValue)
    }
  }

  private static func run() throws {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      var command = try Beacon.parseAsRoot(QueryCommand.keepingComments(in: arguments))
      do {
        try command.run()
      } catch let error as ValidationError {
        // The parser knows the command only while it parses, and would show the usage of all commands.
        let name = type(of: command).configuration.commandName ?? ""
        Console.say("Error: \(error.message)\n  See 'beacon \(name) --help' for more information.")
        throw ExitCode.validationFailure
      }
    } catch {
      guard Beacon.exitCode(for: error).isSuccess else { throw error }
      // What was asked for is the message: `--help`, `--version`.
      try Output.write(lines: Beacon.fullMessage(for: error))
    }
  }
}

enum Console {
  /// Writes a line to standard error.
  static func say(_ text: String) {
    var line = text + "\n"
    // What cannot be said is no reason to stop the work.
    line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Whether a descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The width of the terminal on standard output, or nil when it is none.
  static var outputWidth: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Runs `body`, and turns what the engine says into a message and an exit code.
  static func reporting<Result>(_ body: () throws(EngineError) -> Result) throws -> Result {
    do throws(EngineError) {
      return try body()
    } catch {
      switch error {
      case .failed(let reason), .full(let reason), .readOnly(let reason):
        say("beacon: \(reason)")
        throw ExitCode(1)
      case .damaged(let reason):
        say("beacon: damaged data: \(reason)")
        throw ExitCode(3)
      }
    }
  }
}
