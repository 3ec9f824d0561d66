// `beacon forget` as the program, about a directory and through a server, and retention of a server.

import Glibc
import TestSupport
import Testing

@Suite("beacon forget")
struct ForgetTests {
  private let folder: TemporaryFolder
  private let beacon: Beacon
  private let sql = "SELECT recipient, opens FROM events GROUP BY recipient"

  init() throws {
    folder = TemporaryFolder()
    beacon = Beacon(data: folder.file("data"))
    try beacon.ingest([folder.write("access.log", ForgetTests.log)])
  }

  private static let log = ["ann", "ann", "bob", "eve"].enumerated().map { index, name in
    "192.0.2.1 - - [14/Mar/2026:09:12:0\(index) +0000] \"GET /o?c=spring&r=\(name) HTTP/1.1\" "
      + "200 43 \"-\" \"Mail\"\n"
  }.joined()

  @Test("what went is told, it stays away, and nothing to forget is no failure")
  func directory() throws {
    let first = try Beacon.run("forget", "--data", beacon.data, "ann", "nobody")
    #expect(first.code == 0)
    #expect(first.outputText == "forgot 1 recipient: 2 events, 1 message\n")
    let second = try Beacon.run("forget", "--data", beacon.data, "ann")
    #expect(second.code == 0)
    #expect(second.outputText == "nothing to forget: no such recipient\n")
    try beacon.ingest([folder.file("access.log")])
    #expect(try beacon.rows(sql).count == 2)
    #expect(try Beacon.run("verify", beacon.data).code == 0)
  }

  @Test("a key is its bytes, also where they are no UTF-8; files hold one a line")
  func bytes() throws {
    let hits = ["%FFa", "%FEb", "%FEc", "dan"].enumerated().map { index, name in
      "192.0.2.1 - - [14/Mar/2026:10:12:0\(index) +0000] \"GET /o?c=spring&r=\(name) HTTP/1.1\" "
        + "200 43 \"-\" \"Mail\"\n"
    }
    try beacon.ingest([folder.write("broken.log", hits.joined())])
    let script =
      #"exec "$0" forget --data "$1" ann "$(printf '\377a')" "$(printf '\376b')""#
    let named = try Command.run("/bin/sh", ["-c", script, Programs.beacon, beacon.data])
    #expect(named.outputText == "forgot 3 recipients: 4 events, 3 messages\n", "\(named.errorText)")
    let keys = folder.write("keys", [0xFE, 0x63, 0x0A, 0x0A] + Array("dan\r\nbob\n".utf8))
    let listed = try Beacon.run("forget", "--data", beacon.data, "--from", keys, "nobody")
    #expect(listed.outputText == "forgot 3 recipients: 3 events, 3 messages\n")
    let input = folder.write("input", "eve")
    let read = try Beacon.run("forget", "--data", beacon.data, "--from", "-", input: input)
    #expect(read.outputText == "forgot 1 recipient: 1 event, 1 message\n")
    #expect(try beacon.rows(sql).isEmpty)
  }

  @Test("while a server holds the directory, the server does it")
  func server() throws {
    let server = try BeaconServer(data: beacon.data)
    #expect(try Beacon.run("forget", "--data", beacon.data, "ann").code == 1)
    let result = try Beacon.run("forget", "--connect", server.address, "ann", "bob")
    #expect(result.code == 0)
    #expect(result.outputText == "forgot 2 recipients: 3 events, 2 messages\n")
    let seen = try server.replies(to: "SELECT opens FROM events\nFORGET eve\n")
    #expect(seen.contains("\nopens\n1\n"))
    #expect(seen.hasSuffix("\nevents\tmessages\trecipients\n1\t1\t1\n"))
    #expect(server.stop() == 0)
    #expect(try beacon.rows(sql).isEmpty)
  }

  @Test("a server with retention removes what is too old when it starts")
  func retention() throws {
    let server = try BeaconServer(data: beacon.data, options: ["--retention", "1d"])
    var seen = ""
    for _ in 0..<500 {
      seen = try server.replies(to: "SELECT opens FROM events\n")
      if seen.hasSuffix("opens\n0\n") { break }
      usleep(10_000)
    }
    #expect(seen.hasSuffix("opens\n0\n"))
    #expect(server.stop() == 0)
    #expect(try beacon.rows(sql).isEmpty)
  }

  @Test("wrong calls are refused with what is wrong")
  func refusals() throws {
    let calls: [([String], Int32)] = [
      (["forget", "--data", beacon.data], 2), (["forget", "ann"], 2),
      (["forget", "--data", "x", "--connect", "localhost:1", "ann"], 2),
      (["forget", "--connect", "localhost", "ann"], 2),
      (["forget", "--connect", "localhost:1", " ann"], 2),
      (["forget", "--data", beacon.data, ""], 2),
      (["forget", "--data", folder.file("nowhere"), "ann"], 1),
      (["forget", "--data", beacon.data, "--from", folder.file("nowhere")], 1),
      (["serve", "--data", beacon.data, "--retention", "12h"], 2),
      (["serve", "--data", beacon.data, "--retention", "viewed=1d"], 2),
    ]
    for (arguments, code) in calls {
      let result = try Command.run(Programs.beacon, arguments)
      #expect(result.code == code, "\(arguments): \(result.errorText)")
      #expect(result.output.isEmpty && !result.errors.isEmpty)
    }
    #expect(TemporaryFolder.names(in: folder.path).contains("nowhere") == false)
  }
}
