// `beacon forget`: everything about some recipients goes, from answers and from files.

internal import ArgumentParser
internal import Base
internal import Engine
internal import Query
internal import Server

struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Remove all events, messages and attributes of recipients, and their keys, for good.",
    discussion: """
      Recipients are named byte by byte as they were loaded: as arguments, or with --from in a \
      file, one a line. Loading the same files again brings \
      nothing back; see docs/SEMANTICS.md, "What is removed". While a server holds the directory, \
      the server does it: --connect.

      beacon forget --data DIR ann@example.org
      beacon forget --data DIR --from keys.txt
      beacon forget --connect 127.0.0.1:4747 ann@example.org
      """)

  @Option(help: "The data directory.")
  var data: String?

  @Option(help: "HOST:PORT of the server that holds the directory.")
  var connect: String?

  @Option(help: "A file whose first line is the server's token.")
  var tokenFile: String?

  @Option(help: "A file of recipients, one a line; - is standard input.")
  var from: String?

  @Argument(help: "The recipients.")
  var recipients: [String] = []

  func validate() throws {
    if (data == nil) == (connect == nil) {
      throw ValidationError("Say where: either --data or --connect.")
    }
    if let connect, ListenAddress(connect) == nil {
      throw ValidationError("--connect is HOST:PORT, not '\(connect)'.")
    }
    if recipients.isEmpty && from == nil || recipients.contains("") {
      throw ValidationError("Name the recipients to forget.")
    }
  }

  /// Whether a line of the protocol would change the key.
  private static func isUnsayable(_ key: [UInt8]) -> Bool {
    let blanks = Array(" \t\r".utf8)
    return key.contains(ASCII.newline) || blanks.contains(key[0])
      || blanks.contains(key[key.count - 1])
  }

  func run() throws {
    let keys = ArgumentBytes.given(for: recipients) + (try from.map(ForgetCommand.keys(in:)) ?? [])
    if connect != nil, let key = keys.first(where: ForgetCommand.isUnsayable) {
      let text = String(decoding: key, as: UTF8.self)
      Console.say("beacon: '\(text)' cannot be said to a server: use --data")
      throw ExitCode(2)
    }
    let counts =
      if let connect, let address = ListenAddress(connect) {
        try ask(address, keys)
      } else {
        try forget(keys, in: data ?? "")
      }
    try Output.write(lines: ForgetCommand.text(counts))
  }

  /// The keys in a file, one a line; a line may end in CR LF.
  private static func keys(in path: String) throws -> [[UInt8]] {
    let bytes = try SmallFile.read(path, byteCountMax: Limits.keysByteCountMax)
    return bytes.split(separator: ASCII.newline).map { line in
      Array(line.last == ASCII.carriageReturn ? line.dropLast() : line)
    }.filter { !$0.isEmpty }
  }

  private func forget(_ keys: [[UInt8]], in data: String) throws -> RemovalCounts {
    try Console.reporting { () throws(EngineError) in
      try Engine.openForWriting(data, creates: false).forget(keys)
    }
  }

  private func ask(_ address: ListenAddress, _ keys: [[UInt8]]) throws -> RemovalCounts {
    let token = try tokenFile.map { try TokenFile.read($0) }
    do throws(ClientError) {
      let client = try Client(address, token: token)
      var counts = RemovalCounts()
      for key in keys { counts += try client.forget(key) }
      return counts
    } catch {
      Console.say("beacon: \(error)")
      throw ExitCode(1)
    }
  }

  private static func text(_ counts: RemovalCounts) -> String {
    if counts.isNothing { return "nothing to forget: no such recipient" }
    return "forgot \(counts.recipients) \(counts.recipients == 1 ? "recipient" : "recipients"): "
      + "\(counts.events) \(counts.events == 1 ? "event" : "events"), "
      + "\(counts.messages) \(counts.messages == 1 ? "message" : "messages")"
  }
}
