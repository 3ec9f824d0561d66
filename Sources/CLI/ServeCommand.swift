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

  @Option(help: "The data directory; made in a folder that is missing or empty.")
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

  @Option(help: "Memory to keep within, 1MB or more; the oldest segments stay on disk then.")
  var memory: String?

  @Option(help: "What to keep of client addresses: prefix (/24, /48), raw or none.")
  var ip: String?

  @Option(
    help: "How old events may become: 100d, or for one kind opened=30d; may be given several times."
  )
  var retention: [String] = []

  @Option(
    help: "Follows a file, FOLDER/, or names with * and ?, through rotation; may be repeated.")
  var follow: [String] = []

  @Option(help: "What followed files are; by default auto: their lines tell.")
  var followFormat: String?

  @Option(
    help: "Takes syslog over UDP on HOST:PORT[,FORMAT]; may be repeated. See docs/OPERATING.md.")
  var syslogUdp: [String] = []

  @Option(help: "Takes syslog over TCP on HOST:PORT[,FORMAT]; may be repeated.")
  var syslogTcp: [String] = []

  @Option(help: "Takes log lines over TCP on HOST:PORT[,FORMAT]; may be repeated.")
  var linesTcp: [String] = []

  @Flag(help: "Lets other machines send to such addresses; there is no token.")
  var openSources = false

  func run() throws {
    let configuration = try readConfiguration()
    guard let data = configuration.data else {
      throw ValidationError("--data is missing: name the data directory.")
    }
    let options = try ingestOptions(configuration)
    let token = try configuration.tokenFile.map { try TokenFile.read($0) }
    let engineConfiguration = try engineConfiguration(configuration)
    // Before any thread starts, so that all of them leave the signals to this one.
    let signals = StopSignals()
    FreedMemory.keep(for: .answering)
    let engine = try Console.reporting { () throws(EngineError) in
      try Engine.openForWriting(data, configuration: engineConfiguration)
    }
    // Made now, so that the first query does not wait for it.
    _ = engine.snapshot
    let limits = configuration.limits
    FileDescriptors.allow(limits.connectionCountMax + limits.sourceConnectionCountMax + 256)
    let backend = EngineBackend(engine, options: options)
    let server = try start { () throws(ServerError) in
      try Server(backend, at: configuration.listen, token: token, limits: limits)
    }
    let following = ServeCommand.following(engine, configuration, options)
    let sources = try start { () throws(ServerError) in
      try SourceServer(
        backend, configuration.sources, allowsOthers: configuration.opensSources, limits: limits)
    }
    backend.sources.show {
      StatusItem.items(of: following?.status ?? []) + StatusItem.items(of: sources.status)
    }
    for status in sources.status {
      Console.say("beacon: \(status.transport.rawValue) on \(status.address)")
    }
    Console.say("beacon: serving \(data) on \(server.address)")
    let dailyWork = ServeCommand.dailyWork(engine, configuration.retention)
    dailyWork.start()
    following?.start()
    signals.wait()
    Console.say("beacon: stopping")
    following?.stop()
    let failure = sources.stop()
    server.stop()
    dailyWork.stop()
    if let failure {
      Console.say("beacon: what sources sent last could not be kept: \(failure.reason)")
    }
    try Console.reporting { () throws(EngineError) in try engine.close() }
    if failure != nil { throw ExitCode(1) }
  }

  private static func following(
    _ engine: Engine, _ configuration: ServeConfiguration, _ options: IngestOptions
  ) -> FileFollowing? {
    guard !configuration.followed.isEmpty else { return nil }
    var settings = FollowSettings(patterns: configuration.followed)
    settings.forcedKind = configuration.followedKind
    return FileFollowing(engine, settings, options: options) { Console.say("beacon: \($0)") }
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

  private func start<Started>(_ body: () throws(ServerError) -> Started) throws -> Started {
    do throws(ServerError) {
      return try body()
    } catch {
      Console.say("beacon: \(error)")
      switch error {
      case .open, .openSource: throw ExitCode(2)
      case .refused: throw ExitCode(1)
      }
    }
  }

  private func readConfiguration() throws -> ServeConfiguration {
    var configuration = ServeConfiguration()
    let flags = [
      ("data", data), ("listen", listen), ("token-file", tokenFile), ("threads", threads),
      ("queries", queries), ("waiting", waiting), ("connections", connections), ("rows", rows),
      ("timeout", timeout), ("routes", routes), ("ip", ip),
      ("durability", durability), ("log-megabytes", logMegabytes), ("memory", memory),
    ]
    do {
      if let config {
        let text = try SmallFile.read(config, byteCountMax: Limits.configurationByteCountMax)
        try configuration.apply(file: String(decoding: text, as: UTF8.self), name: config)
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
      try applySources(to: &configuration)
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
    engine.memoryByteCountMax = configuration.memoryByteCount
    return engine
  }

  private func applySources(to configuration: inout ServeConfiguration) throws {
    if !follow.isEmpty {
      configuration.followed = []
      for pattern in follow { try configuration.apply("follow", pattern) }
    }
    if let followFormat { try configuration.apply("follow-format", followFormat) }
    if openSources { try configuration.apply("open-sources", "yes") }
    let given: [(SourceConfiguration.Transport, [String])] = [
      (.syslogUDP, syslogUdp), (.syslogTCP, syslogTcp), (.linesTCP, linesTcp),
    ]
    for (transport, values) in given where !values.isEmpty {
      configuration.sources.removeAll { $0.transport == transport }
      for value in values { try configuration.apply(transport.rawValue, value) }
    }
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
