// The server as the program: what nc sees, what `beacon query --connect` prints, and how it ends.

import Glibc
import TestSupport
import Testing

/// A running `beacon serve`.
final class BeaconServer {
  let port: Int
  let process: pid_t
  private let scratch: TemporaryFolder
  private var isRunning = true

  /// - Parameter descriptorCountMax: how many files and sockets it may have open; nil for what the tests may.
  init(data: String, options: [String] = [], descriptorCountMax: Int? = nil) throws {
    scratch = TemporaryFolder()
    let errors = scratch.file("errors")
    let serve = ["serve", "--data", data, "--listen", "127.0.0.1:0"] + options
    let streams = Command.Streams(errors: errors)
    if let count = descriptorCountMax {
      let script = "ulimit -n \(count); exec \"$0\" \"$@\""
      process = try Command.start(
        "/bin/sh", ["-c", script, Programs.beacon] + serve, streams: streams)
    } else {
      process = try Command.start(Programs.beacon, serve, streams: streams)
    }
    port = try BeaconServer.readPort(errors)
  }

  deinit { if isRunning { kill(process, SIGKILL) } }

  var address: String { "127.0.0.1:\(port)" }

  /// Asks it to stop; its exit code.
  func stop(_ signal: Int32 = SIGTERM) -> Int32 {
    kill(process, signal)
    isRunning = false
    return Command.wait(for: process)
  }

  /// Everything that comes back for these lines, as `nc -N` would print it.
  func replies(to text: String) throws -> String {
    let descriptor = try LoopbackPort.connected(to: port)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw Command.Failure(description: "cannot write to the server")
    }
    shutdown(descriptor, Int32(SHUT_WR))
    var reply: Bytes = []
    var chunk = Bytes(repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return String(decoding: reply, as: UTF8.self) }
      reply += chunk[..<count]
    }
  }

  /// The port of a source, by the name of its option.
  func port(of source: String) throws -> Int {
    try BeaconServer.readPort(scratch.file("errors"), behind: "beacon: \(source) on ")
  }

  /// Waits until an answer's one cell is as wanted; returns what it is in the end.
  func waitForCell(_ sql: String, _ wanted: String) throws -> String {
    var cell = ""
    for _ in 0..<600 {
      cell = try replies(to: "\(sql)\n").split(separator: "\n").last.map { String($0) } ?? ""
      if cell == wanted { break }
      usleep(50_000)
    }
    return cell
  }

  /// What it says when it is ready tells the port.
  private static func readPort(
    _ path: String, behind words: String = "beacon: serving "
  ) throws -> Int {
    for _ in 0..<3000 {
      let said = (try? Command.read(path)) ?? []
      for line in said.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix(words), let port = text.split(separator: ":").last.flatMap({ Int($0) }) {
          return port
        }
      }
      usleep(10_000)
    }
    throw Command.Failure(description: "the server does not come up")
  }
}

@Suite("beacon serve")
struct ServeTests {
  private let folder: TemporaryFolder
  private let beacon: Beacon
  private let sql = "SELECT campaign, opens, open_rate FROM events GROUP BY campaign"

  init() throws {
    folder = TemporaryFolder()
    beacon = Beacon(data: folder.file("data"))
    try beacon.ingest([folder.write("access.log", ServeTests.hits("spring", 1...3))])
  }

  private static func hits(_ campaign: String, _ recipients: ClosedRange<Int>) -> String {
    recipients.map {
      "192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] \"GET /o?c=\(campaign)&r=r\($0) HTTP/1.1\" "
        + "200 43 \"-\" \"Mail\"\n"
    }.joined()
  }

  @Test("nc sees what `beacon query` prints, behind a status line")
  func plainClient() throws {
    let server = try BeaconServer(data: beacon.data)
    for format in ["tsv", "csv"] {
      let printed = try Beacon.run(
        "query", "--data", beacon.data, "--format", format, sql)
      let seen = try server.replies(to: "FORMAT \(format)\n\(sql)\n")
      let lines = Array(seen.utf8).split(separator: 10, maxSplits: 2)
      try #require(lines.count == 3)
      #expect(lines[1].starts(with: "OK 1 3 ".utf8))
      #expect(Array(lines[2]) == printed.output)
    }
    #expect(server.stop() == 0)
  }

  @Test("asked over the wire, every format prints as it does here")
  func connect() throws {
    let server = try BeaconServer(data: beacon.data)
    for format in ["table", "tsv", "csv", "json", "ndjson"] {
      let local = try Beacon.run("query", "--data", beacon.data, "--format", format, sql)
      let remote = try Beacon.run("query", "--connect", server.address, "--format", format, sql)
      #expect(remote.code == 0, "\(remote.errorText)")
      #expect(remote.output == local.output)
    }
    let wrong = ["SELECT nothing FROM events", "SELECT"]
    for sql in wrong {
      let local = try Beacon.run("query", "--data", beacon.data, sql)
      let remote = try Beacon.run("query", "--connect", server.address, sql)
      #expect(remote.code == 2)
      #expect(remote.errorText == local.errorText)
    }
    #expect(server.stop(SIGINT) == 0)
    let gone = try Beacon.run("query", "--connect", server.address, sql)
    #expect(gone.code == 1)
    #expect(gone.output.isEmpty)
  }

  @Test("hits that were acknowledged are answered, and are there when the server has ended")
  func ingest() throws {
    let server = try BeaconServer(data: beacon.data)
    let seen = try server.replies(
      to: "INGEST combined\n\(ServeTests.hits("autumn", 1...500))no hit\n.\n\(sql)\n")
    let lines = seen.split(separator: "\n")
    try #require(lines.count == 3 + 4)
    #expect(lines[2] == "500\t0\t1\t0\talways")
    #expect(lines[5] == "autumn\t500\t\\N")
    #expect(server.stop() == 0)
    #expect(try beacon.rows(sql).count == 2)
    #expect(try Beacon.run("verify", beacon.data).code == 0)
  }

  @Test("while it serves, nobody else writes")
  func lock() throws {
    let server = try BeaconServer(data: beacon.data)
    let result = try Beacon.run("ingest", "--data", beacon.data, folder.file("access.log"))
    #expect(result.code == 1)
    #expect(server.stop() == 0)
  }

  @Test("a config file and the command line set it up together")
  func configuration() throws {
    let token = folder.write("token", "a secret of 16 bytes\n")
    let config = folder.write("beacon.conf", "token-file = \(token)\nrows = 5\n")
    let server = try BeaconServer(data: beacon.data, options: ["--config", config, "--rows", "1"])
    #expect(try server.replies(to: "\(sql)\n").hasPrefix("ERR AUTH "))
    let remote = try Beacon.run(
      "query", "--connect", server.address, "--token-file", token, sql)
    #expect(remote.code == 0)
    #expect(server.stop() == 0)
  }

  @Test("a long configuration is read to its last line")
  func longConfiguration() throws {
    let remarks = String(repeating: "# " + String(repeating: "-", count: 97) + "\n", count: 1000)
    let config = folder.write("long.conf", remarks + "colour = red\n")
    let result = try Beacon.run("serve", "--data", beacon.data, "--config", config)
    #expect(result.code == 2)
    #expect(result.errorText.contains("\(config):1001: there is no option 'colour'"))
  }

  @Test("wrong set-ups are refused with what is wrong")
  func refusals() throws {
    let short = folder.write("token", "short\n")
    let calls: [([String], Int32)] = [
      (["serve"], 2), (["serve", "--data", beacon.data, "--listen", "here"], 2),
      (["serve", "--data", beacon.data, "--listen", "0.0.0.0:0"], 2),
      (["serve", "--data", beacon.data, "--token-file", short], 2),
      (["serve", "--data", beacon.data, "--token-file", folder.file("nowhere")], 1),
      (["serve", "--data", beacon.data, "--config", folder.file("nowhere")], 1),
      (
        [
          "serve", "--data", beacon.data, "--listen", "192.0.2.1:1", "--token-file",
          folder.file("long"),
        ], 1
      ),
      (["serve", "--data", folder.file("access.log")], 1), (["query", sql], 2),
      (["query", "--data", "x", "--connect", "localhost:1", sql], 2),
      (["query", "--connect", "localhost", sql], 2),
    ]
    _ = folder.write("long", "a secret of 16 bytes\n")
    for (arguments, code) in calls {
      let result = try Command.run(Programs.beacon, arguments)
      #expect(result.code == code, "\(arguments): \(result.errorText)")
      #expect(result.output.isEmpty && !result.errors.isEmpty)
    }
  }
}
