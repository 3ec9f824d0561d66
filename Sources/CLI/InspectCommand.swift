// `beacon inspect`: what a data directory holds and what each column costs.

internal import ArgumentParser
internal import Base
internal import Engine

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show segments, encodings, and bytes per column and per event.")

  @OptionGroup var options: DirectoryOptions

  func run() throws {
    let inventory = try Console.reporting { () throws(EngineError) in
      try Engine.open(options.path).inventory
    }
    let bytes = inventory.byteCount
    let parts = [
      overview(inventory),
      section("events", inventory.eventColumns, inventory),
      section("messages", inventory.messageColumns, inventory),
      section("recipients", inventory.recipientParts, inventory),
      section("dictionaries", inventory.dictionaries, inventory),
      line("total", bytes, inventory) + "\n"
        + line("total without ip", bytes - inventory.addressByteCount, inventory),
    ]
    try Output.write(lines: parts.joined(separator: "\n\n"))
  }

  private func overview(_ inventory: Inventory) -> String {
    let kinds = EventKind.allCases.compactMap { kind -> String? in
      let count = inventory.eventsByKind[Int(kind.rawValue)]
      return count > 0 ? "\(kind.name) \(count)" : nil
    }
    return """
      \(inventory.eventCount) events in \(inventory.segmentCount) segments, \
      \(inventory.messageCount) messages to \(inventory.recipientCount) recipients
      \(kinds.joined(separator: ", "))
      \(inventory.fileCount) files, \(inventory.diskByteCount) bytes on disk
      """
  }

  private func section(
    _ title: String, _ rows: [Inventory.Row], _ inventory: Inventory
  ) -> String {
    let head =
      "\(pad(title, 20))\(padLeft("bytes", 12))\(padLeft("per event", 12))   blocks by encoding"
    let lines = rows.filter { $0.byteCount > 0 }.map { row in
      "\(line("  " + row.name, row.byteCount, inventory))   \(row.encodings)"
    }
    return ([head] + lines).joined(separator: "\n")
  }

  private func line(_ name: String, _ byteCount: Int, _ inventory: Inventory) -> String {
    let hundredths = byteCount * 100 / max(inventory.eventCount, 1)
    let fraction = hundredths % 100
    let perEvent = "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    return "\(pad(name, 20))\(padLeft(String(byteCount), 12))\(padLeft(perEvent, 12))"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
