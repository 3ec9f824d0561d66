// `beacon serve`: a data directory on the line protocol, until a signal asks to stop.

internal import ArgumentParser
internal import Base
internal import Engine
internal import Glibc
internal import Ingest
internal import Server

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer queries and take hits over TCP; see docs/PROTOCOL.md.",
    discussion: """
      Options may stand in a file of lines 'name = value', by their names without dashes; what the \
      command line says goes before it. SIGTERM and SIGINT stop the server gently.

      beacon serve --data DIR
      beacon query --connect 127.0.0.1:4747 "SELECT campaign, open_rate FROM events GROUP BY campaign"
      """)

  @Option(help: "The data directory; made when it is missing.")
  var data: String?

  @Option(help: "HOST:PORT; by default 127.0.0.1:4747. Port 0 is any free one.")
  var listen: String?

  @Option(help: "A file whose first line is the token that clients must show.")
  var tokenFile: String?

  @Option(help: "A file with these options.")
  var config: String?

  @Option(help: "Threads of one query; by default one per processor.")
  var threads: String?

  @Option(help: "Queries worked on at once; by default twice the processors.")
  var queries: String?

  @Option(help: "Queries that may wait for that; by default 1024.")
  var waiting: String?

  @Option(help: "Clients connected at once; by default 4096.")
  var connections: String?

  @Option(help: "Rows of an answer; by default 1000000.")
  var rows: String?

  @Option(help: "Seconds that a query may take; by default 60.")
  var timeout: String?

  @Option(help: "Which requests are opens, clicks and so on; see docs/formats/access-logs.md.")
  var routes: String?

  @Option(help: "When hits are on disk: always (before the reply), everysec or none.")
  var durability: String?

  @Option(help: "Megabytes of log after which events are saved to files; by default 256.")
  var logMegabytes: String?

  @Option(help: "What to keep of client addresses: prefix (/24, /48), raw or none.")
  var ip: String?

  @Option(
    help: "How old events may become: 100d, or for one kind opened=30d; may be given several times."
  )
  var retention: [String] = []

  func run() throws {
    let configuration = try readConfiguration()
    guard let data = configuration.data else { throw ValidationError("--data is missing.") }
    let options = try ingestOptions(configuration)
    let token = try configuration.tokenFile.map { try TokenFile.read($0) }
    let engineConfiguration = try engineConfiguration(configuration)
    // Before any thread starts, so that all of them leave the signals to this one.
    let signals = StopSignals()
    let engine = try Console.reporting { () throws(EngineError) in
      try Engine.openForWriting(data, configuration: engineConfiguration)
    }
    // Made now, so that the first query does not wait for it.
    _ = engine.snapshot
    FileDescriptors.allow(configuration.limits.connectionCountMax + 256)
    let server = try start(EngineBackend(engine, options: options), configuration, token)
    Console.say("beacon: serving \(data) on \(server.address)")
    let dailyWork = ServeCommand.dailyWork(engine, configuration.retention)
    dailyWork.start()
    signals.wait()
    Console.say("beacon: stopping")
    server.stop()
    dailyWork.stop()
    try Console.reporting { () throws(EngineError) in try engine.close() }
  }

  private static func dailyWork(_ engine: Engine, _ policy: RetentionPolicy) -> DailyWork {
    let retention = DailyWork.Job("retention") { now throws(EngineError) in
      let counts = try engine.applyRetention(policy, now: now)
      if counts.isNothing { return }
      Console.say(
        "beacon: retention removed \(counts.events) events and \(counts.messages) messages")
    }
    return DailyWork(policy.isForever ? [] : [retention], clock: { CivilTime.now() }) {
      Console.say("beacon: \($0)")
    }
  }

  private func start(
    _ backend: EngineBackend, _ configuration: ServeConfiguration, _ token: [UInt8]?
  ) throws -> Server {
    do throws(ServerError) {
      return try Server(
        backend, at: configuration.listen, token: token, limits: configuration.limits)
    } catch {
      Console.say("beacon: \(error)")
      if case .open = error { throw ExitCode(2) }
      throw ExitCode(1)
    }
  }

  private func readConfiguration() throws -> ServeConfiguration {
    var configuration = ServeConfiguration()
    let flags = [
      ("data", data), ("listen", listen), ("token-file", tokenFile), ("threads", threads),
      ("queries", queries), ("waiting", waiting), ("connections", connections), ("rows", rows),
      ("timeout", timeout), ("routes", routes), ("ip", ip),
      ("durability", durability), ("log-megabytes", logMegabytes),
    ]
    do {
      if let config {
        try configuration.apply(
          file: String(decoding: try SmallFile.read(config), as: UTF8.self), name: config)
      }
      for (name, value) in flags {
        if let value { try configuration.apply(name, value) }
      }
      for text in retention {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2 {
          try configuration.apply("retention.\(parts[0])", parts[1])
        } else {
          try configuration.apply("retention", text)
        }
      }
    } catch let error as ServeConfiguration.Failure {
      throw ValidationError("\(error).")
    }
    return configuration
  }

  private func engineConfiguration(
    _ configuration: ServeConfiguration
  ) throws -> Engine.Configuration {
    guard let durability = Durability(rawValue: configuration.durability) else {
      throw ValidationError(
        "durability is one of always, everysec, none, not '\(configuration.durability)'.")
    }
    var engine = Engine.Configuration()
    engine.durability = durability
    if let count = configuration.threadCount { engine.threadCount = count }
    if let count = configuration.logMegabyteCount { engine.logByteCountMax = count << 20 }
    return engine
  }

  private func ingestOptions(_ configuration: ServeConfiguration) throws -> IngestOptions {
    guard let policy = AddressPolicy(rawValue: configuration.addressPolicy) else {
      throw ValidationError("ip is one of prefix, raw, none, not '\(configuration.addressPolicy)'.")
    }
    return IngestOptions(
      routes: try RoutesFile.read(configuration.routes), addressPolicy: policy,
      threadCount: Threads.processorCount)
  }
}
