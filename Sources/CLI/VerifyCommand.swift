// `beacon verify`: reads everything and says whether it is what was written.

internal import ArgumentParser
internal import Engine

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read everything, check every checksum and law; exit 0, or 3 with what is damaged.")

  @OptionGroup var options: DirectoryOptions

  func run() throws {
    let engine = try Console.reporting { () throws(EngineError) in try Engine.open(options.path) }
    let faults = engine.verify()
    for fault in faults { Console.say("beacon: damaged data: \(fault)") }
    if !faults.isEmpty { throw ExitCode(3) }
    let inventory = engine.inventory
    let amount = "\(inventory.eventCount) events in \(inventory.fileCount) files"
    try Output.write(lines: "\(options.path): \(amount) are well")
  }
}
