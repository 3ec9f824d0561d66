// `beacon verify`: reads everything and says whether it is what was written.

internal import ArgumentParser
internal import Engine

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read everything, check every checksum and law; exit 0, or 3 with what is damaged.")

  @Argument(help: "The data directory.")
  var directory: String

  func run() throws {
    let engine = try Console.reporting { () throws(EngineError) in try Engine.open(directory) }
    let faults = engine.verify()
    for fault in faults { Console.say("beacon: damaged data: \(fault)") }
    if !faults.isEmpty { throw ExitCode(3) }
    let inventory = engine.inventory
    try Output.write(
      lines: "\(directory): \(inventory.eventCount) events in \(inventory.fileCount) files are well")
  }
}
