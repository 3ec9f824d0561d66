// The options that say who answers: a data directory, or a server.

internal import ArgumentParser
internal import Base
internal import Engine
internal import Server

struct SourceOptions: ParsableArguments {
  @Option(help: "The data directory that `beacon ingest` wrote.")
  var data: String?

  @Option(help: "HOST:PORT of a server to ask instead.")
  var connect: String?

  @Option(help: "A file whose first line is the server's token.")
  var tokenFile: String?

  @Option(help: "Threads to use; by default one per processor.")
  var threads: String?

  @Option(help: "Memory to keep within, 1MB or more; the oldest segments stay on disk then.")
  var memory: String?

  func requireOne() throws {
    _ = try engineConfiguration()
    if (data == nil) == (connect == nil) {
      throw ValidationError("Say what to ask: either --data or --connect.")
    }
    if let connect, ListenAddress(connect) == nil {
      throw ValidationError("--connect is HOST:PORT, not '\(connect)'.")
    }
    if connect != nil, threads != nil || memory != nil {
      throw ValidationError(
        "--threads and --memory go with --data: a server has been told when it was started.")
    }
  }

  private func engineConfiguration() throws -> Engine.Configuration {
    var configuration = Engine.Configuration()
    if let count = try OptionValue.threadCount(threads) { configuration.threadCount = count }
    configuration.memoryByteCountMax = try OptionValue.memoryByteCount(memory)
    return configuration
  }

  func makeSource() throws -> any QuerySource {
    if let connect, let address = ListenAddress(connect) {
      return RemoteSource(client: try makeClient(address))
    }
    FreedMemory.useOneHeap()
    FreedMemory.keep(for: .answering)
    let configuration = try engineConfiguration()
    let engine = try Console.reporting { () throws(EngineError) in
      try Engine.open(data ?? "", configuration: configuration)
    }
    // Made now, so that --timing tells about queries alone.
    _ = engine.snapshot
    return LocalSource(engine)
  }

  private func makeClient(_ address: ListenAddress) throws -> Client {
    let token = try tokenFile.map { try TokenFile.read($0) }
    do throws(ClientError) {
      return try Client(address, token: token)
    } catch {
      Console.say("beacon: \(error)")
      throw ExitCode(1)
    }
  }
}
