// What a shell sees: exit codes, and what goes to which stream.

import Glibc
import TestSupport
import Testing

@Suite("command line")
struct CommandLineTests {
  private let folder: TemporaryFolder
  private let beacon: Beacon
  private let log: String

  init() throws {
    folder = TemporaryFolder()
    beacon = Beacon(data: folder.file("data"))
    let line =
      #"192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] "GET /o?c=spring&r=r1 HTTP/1.1" 200 43 "-" "Mail""#
    log = folder.write("access.log", line + "\n")
    try beacon.ingest([log])
  }

  @Test("wrong usage ends with 2 and says what is wrong on standard error")
  func wrongUsage() throws {
    let routes = folder.write("bad.routes", "click GET nowhere\n")
    let calls: [[String]] = [
      ["unknown"], ["ingest"], ["ingest", "--data", beacon.data],
      ["ingest", "--data", beacon.data, "--format", "none", log],
      ["ingest", "--data", beacon.data, "--ip", "some", log],
      ["ingest", "--data", beacon.data, "--routes", routes, log],
      ["query", "--data", beacon.data, "SELECT nothing FROM events"],
      ["query", "--data", beacon.data, "--format", "xml", "SELECT opens FROM events"],
      ["query", "SELECT opens FROM events"], ["inspect"], ["verify", "--loud", beacon.data],
      ["generate", "--out", folder.file("x")],
      ["generate", "--out", folder.file("x"), "--events", "-1"],
    ]
    for arguments in calls { try expect(arguments, code: 2) }
  }

  @Test("a file that may not grow is told like a full disk, and nothing is left of the load")
  func limitedFiles() throws {
    let campaigns = (0..<500).map { "campaign-\($0),topic-\($0)" }
    let table = folder.write(
      "campaigns.csv", (["campaign,topic"] + campaigns).joined(separator: "\n") + "\n")
    let before = TemporaryFolder.names(in: beacon.data)
    let command = #"ulimit -f 4; exec "$0" ingest --data "$1" "$2""#
    let result = try Command.run(
      "/bin/sh", ["-c", command, Programs.beacon, beacon.data, table])
    #expect(result.code == 1)
    #expect(result.errorText.contains("File too large"), "\(result.errorText)")
    #expect(TemporaryFolder.names(in: beacon.data) == before)
  }

  @Test("every command names the data directory both ways")
  func directoryNames() throws {
    for command in ["inspect", "verify", "status"] {
      let alone = try Beacon.run(command, beacon.data)
      let option = try Beacon.run(command, "--data", beacon.data)
      #expect(alone.code == 0 && option.code == 0, "\(command): \(alone.errorText)")
      #expect(alone.output.count == option.output.count && !alone.output.isEmpty, "\(command)")
      try expect([command, beacon.data, "--data", beacon.data], code: 2)
      try expect([command], code: 2)
    }
  }

  @Test("threads and memory have one rule, and are a data directory's")
  func resources() throws {
    let (sql, data) = ("SELECT opens FROM events", ["--data", beacon.data])
    let threads = "--threads is a number from 1 to 1024, not '0'."
    let memory = "--memory is an amount of at least 1MB, such as 256MB or 2GB, not '1'."
    let calls: [([String], String)] = [
      (["query", "--threads", "0", sql] + data, threads),
      (["ingest", "--threads", "0", log] + data, threads),
      (["report", "email-summary", "--threads", "0"] + data, threads),
      (["query", "--memory", "1", sql] + data, memory),
      (["status", "--memory", "1"] + data, memory),
      (["serve", "--memory", "1"] + data, memory.replacing("--", with: "")),
      (["query", "--connect", "127.0.0.1:1", "--threads", "2", sql], "go with --data"),
      (["status", "--connect", "127.0.0.1:1", "--memory", "1GB"], "go with --data"),
    ]
    for (arguments, message) in calls {
      let result = try Command.run(Programs.beacon, arguments)
      #expect(result.code == 2, "\(arguments)")
      #expect(result.errorText.contains(message), "\(arguments): \(result.errorText)")
    }
    let least = ["--threads", "1", "--memory", "1MB"]
    #expect(try Command.run(Programs.beacon, ["query", sql] + data + least).code == 0)
  }

  @Test("what is found wrong late names its own command, and shows no usage of another")
  func lateWrongUsage() throws {
    let calls = [
      ["serve"], ["serve", "--data", beacon.data, "--listen", "foo"],
      ["serve", "--data", beacon.data, "--durability", "some"], ["report", "email-summary"],
    ]
    for arguments in calls {
      let result = try Command.run(Programs.beacon, arguments)
      #expect(result.code == 2, "\(arguments)")
      let hint = "\n  See 'beacon \(arguments[0]) --help' for more information.\n"
      #expect(result.errorText.hasPrefix("Error: ") && result.errorText.hasSuffix(hint))
      #expect(!result.errorText.contains("Usage:"), "\(result.errorText)")
    }
  }

  @Test("work that fails ends with 1 and says what failed on standard error")
  func failure() throws {
    let strange = folder.write("strange.txt", "nobody knows this\n")
    let calls: [[String]] = [
      ["query", "--data", folder.file("nowhere"), "SELECT opens FROM events"],
      ["inspect", folder.file("nowhere")], ["verify", folder.file("nowhere")],
      ["ingest", "--data", beacon.data, folder.file("nowhere.log")],
      ["ingest", "--data", beacon.data, folder.file("*.none")],
      ["ingest", "--data", beacon.data, strange],
      ["ingest", "--data", log, log],
      ["generate", "--out", folder.path, "--events", "100"],
    ]
    for arguments in calls { try expect(arguments, code: 1) }
  }

  @Test("a folder without a manifest is no data directory, and stays as it is")
  func otherFolders() throws {
    _ = folder.write("photos/cat.jpg", "a cat")
    mkdir(folder.file("empty"), 0o755)
    for name in ["photos", "empty"] {
      let path = folder.file(name)
      let calls: [[String]] = [
        ["query", "--data", path, "SELECT opens FROM events"], ["verify", path], ["inspect", path],
        ["status", "--data", path], ["report", "email-summary", "--data", path],
        ["forget", "--data", path, "ann"], ["backup", "--data", path, folder.file("copy")],
      ]
      let before = TemporaryFolder.names(in: path)
      for arguments in calls { try expect(arguments, code: 1) }
      #expect(TemporaryFolder.names(in: path) == before)
    }
    #expect(!TemporaryFolder.names(in: folder.path).contains("copy"))
    let photos = folder.file("photos")
    for arguments in [["ingest", "--data", photos, log], ["serve", "--data", photos]] {
      try expect(arguments, code: 1)
      #expect(TemporaryFolder.names(in: photos) == ["cat.jpg"])
    }
    let file = try Beacon.run("ingest", "--data", log, log)
    #expect(file.errorText == "beacon: \(log) is a file, and a data directory is a folder\n")
    try Beacon(data: folder.file("empty")).ingest([log])
  }

  @Test("a second writer is told about the first, and readers are let in")
  func secondWriter() throws {
    let lock = open(beacon.data + "/lock", O_RDWR)
    try #require(lock >= 0)
    defer { close(lock) }
    try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
    try expect(["ingest", "--data", beacon.data, log], code: 1)
    #expect(try beacon.row("SELECT opens FROM events") == ["1"])
  }

  @Test("a damaged byte anywhere ends with 3, never with a number")
  func damage() throws {
    let names = folder.names(in: "data").filter { $0 != "lock" }
    #expect(names.count >= 3)
    for name in names {
      let path = beacon.data + "/" + name
      let whole = try Command.read(path)
      for offset in [0, whole.count / 2, whole.count - 1] {
        var damaged = whole
        damaged[offset] ^= 0x10
        try Command.write(damaged, to: path)
        try expect(["query", "--data", beacon.data, "SELECT opens FROM events"], code: 3)
        try expect(["verify", beacon.data], code: 3)
      }
      try Command.write(whole.dropLast(), to: path)
      try expect(["inspect", beacon.data], code: 3)
      try expect(["ingest", "--data", beacon.data, log], code: 3)
      try Command.write(whole, to: path)
    }
    #expect(try beacon.row("SELECT opens FROM events") == ["1"])
  }

  @Test("a file without any line in the format that was forced is not loaded, and can be later")
  func wrongFormat() throws {
    let other = Beacon(data: folder.file("other"))
    let sent =
      #"{"kind":"sent","campaign":"c","recipient":"r","time":"2026-03-14T09:00:00Z"}"#
    let good = folder.write("good.ndjson", sent + "\n")
    let forced = ["--format", "events_ndjson"]
    let result = try Command.run(
      Programs.beacon, ["ingest", "--data", other.data, log, good] + forced)
    #expect(result.code == 1)
    #expect(result.errorText.contains("loaded 1 of 2 files"), "\(result.errorText)")
    let reason = "\(log): has no line in the format 'events_ndjson' that --format names;"
    #expect(result.errorText.contains("FAILED     \(reason)"), "\(result.errorText)")
    let right = try other.ingest([log])
    #expect(right.errorText.contains("loaded 1 of 1 files"), "\(right.errorText)")
    folder.write("logs/access.log", try Command.read(log) + Bytes("?\n".utf8))
    let found = try other.ingest([folder.file("logs")], options: forced)
    #expect(found.errorText.contains("has no line in the format"), "\(found.errorText)")
    #expect(try other.row("SELECT sent, opens FROM events") == ["1", "1"])
  }

  @Test("small amounts are said in small units")
  func amounts() throws {
    let account = try Beacon(data: folder.file("other")).ingest([log]).errorText
    #expect(account.contains("1 (\(try Command.read(log).count) bytes), "), "\(account)")
    #expect(account.contains(" kB on disk, ") && !account.contains(" MB"), "\(account)")
  }

  @Test("results go to standard output, everything else to standard error, plainly")
  func streams() throws {
    let results: [[String]] = [
      ["query", "--data", beacon.data, "SELECT campaign, opens FROM events GROUP BY campaign"],
      ["inspect", beacon.data], ["verify", beacon.data], ["--help"], ["--version"],
      ["query", "--help"],
    ]
    for arguments in results {
      let result = try Command.run(Programs.beacon, arguments)
      #expect(result.code == 0)
      #expect(!result.output.isEmpty && result.errors.isEmpty, "\(arguments)")
      expectPlain(result.output, arguments)
    }
    let accounts: [[String]] = [
      ["ingest", "--data", folder.file("other"), log],
      ["generate", "--out", folder.file("set"), "--events", "1000"],
    ]
    for arguments in accounts {
      let result = try Command.run(Programs.beacon, arguments)
      #expect(result.code == 0)
      #expect(result.output.isEmpty && !result.errors.isEmpty, "\(arguments)")
      expectPlain(result.errors, arguments)
    }
  }

  @Test("output that is not taken is a failure that says why")
  func fullOutput() throws {
    let target = folder.file("backup")
    let calls: [[String]] = [
      ["query", "--data", beacon.data, "SELECT opens FROM events"], ["report"],
      ["report", "email-summary", "--data", beacon.data], ["report", "email-summary", "--source"],
      ["status", "--data", beacon.data], ["inspect", beacon.data], ["verify", beacon.data],
      ["backup", "--data", beacon.data, target], ["forget", "--data", beacon.data, "nobody"],
      ["--help"], ["query", "--help"], ["--version"],
    ]
    let errors = folder.file("errors")
    for arguments in calls {
      let process = try Command.start(
        Programs.beacon, arguments,
        streams: Command.Streams(output: "/dev/full", errors: errors))
      #expect(Command.wait(for: process) == 1, "\(arguments)")
      let text = String(decoding: try Command.read(errors), as: UTF8.self)
      #expect(text.hasSuffix("beacon: cannot write the output: No space left on device\n"))
    }
  }

  @Test("a reader that has gone is no failure")
  func closedOutput() throws {
    let code = folder.file("code")
    let script =
      "trap '' PIPE; (sleep 0.2; \"$0\" query --data \"$1\" \"$2\"; echo $? > \"$3\") | true; "
      + "while [ ! -s \"$3\" ]; do sleep 0.1; done"
    let result = try Command.run(
      "/bin/sh",
      ["-c", script, Programs.beacon, beacon.data, "SELECT opens FROM events", code])
    #expect(try Command.read(code) == Array("0\n".utf8))
    #expect(result.errors.isEmpty, "\(result.errorText)")
  }

  @Test("away from a terminal an answer is tab-separated; formats can be asked for by name")
  func formats() throws {
    let sql = "SELECT campaign, opens, open_rate FROM events GROUP BY campaign"
    let expected = [
      (nil, "campaign\topens\topen_rate\nspring\t1\t\\N\n"),
      ("tsv", "campaign\topens\topen_rate\nspring\t1\t\\N\n"),
      ("csv", "campaign,opens,open_rate\r\nspring,1,\r\n"),
      ("ndjson", #"{"campaign":"spring","opens":1,"open_rate":null}"# + "\n"),
    ]
    for (format, text) in expected {
      let options = format.map { ["--format", $0] } ?? []
      let result = try Command.run(
        Programs.beacon, ["query", "--data", beacon.data] + options + [sql])
      #expect(result.outputText == text)
    }
  }

  @Test("queries on standard input are answered in turn; one that is wrong does not stop the next")
  func severalQueries() throws {
    let input = folder.write(
      "queries.sql",
      "SELECT opens FROM events\n\nSELECT nothing FROM events\nSELECT clicks FROM events\n")
    let result = try Beacon.run("query", "--data", beacon.data, input: input)
    #expect(result.code == 2)
    #expect(result.outputText == "opens\n1\nclicks\n0\n")
    #expect(result.errorText.contains("3:8: unknown column 'nothing'"))
  }

  @Test("standard input may have comments, queries over lines, several on a line, and settings")
  func script() throws {
    let input = folder.write(
      "script.sql",
      """
      -- How many?
      SELECT opens
      FROM events
      WHERE campaign = 'spring'
      SETTINGS audience = all

      SELECT opens FROM events; SELECT clicks FROM events;
      SET audience = machine
      SELECT opens FROM events -- none
      FORMAT csv
      SELECT opens, clicks FROM events; SELECT nothing
      FROM events
      """)
    let result = try Beacon.run("query", "--data", beacon.data, input: input)
    #expect(result.code == 2)
    #expect(result.outputText == "opens\n1\nopens\n1\nclicks\n0\nopens\n0\nopens,clicks\r\n0,0\r\n")
    #expect(result.errorText.hasPrefix("11:42: unknown column 'nothing'"), "\(result.errorText)")
  }

  @Test("standard input may begin with a mark and end lines in CR LF; what is no UTF-8 is refused")
  func foreignScript() throws {
    let input = folder.file("foreign.sql")
    let text = "\u{FEFF}SELECT opens FROM events;\r\nFORMAT tsv; \r\nSELECT '"
    try Command.write(Bytes(text.utf8) + [0xFF] + Bytes("' FROM events\n".utf8), to: input)
    let result = try Beacon.run("query", "--data", beacon.data, input: input)
    #expect(result.code == 2)
    #expect(result.outputText == "opens\n1\n", "\(result.errorText)")
    #expect(result.errorText.hasPrefix("3:9: the query is not valid UTF-8"), "\(result.errorText)")
  }

  @Test("names of files are shown, not obeyed")
  func hostileNames() throws {
    let file = folder.write("a\u{1B}[2J\u{202E}.log", "nothing\n")
    let result = try Beacon.run("ingest", "--data", beacon.data, file)
    #expect(result.errorText.contains("a\\x1b[2J\\u{202e}.log"), "\(result.errorText)")
    expectPlain(result.errors, [file])
  }

  @Test("a line that is a whole query is answered before the next one comes")
  func turns() throws {
    let (questions, answers) = (folder.file("questions"), folder.file("answers"))
    try #require(mkfifo(questions, 0o600) == 0 && mkfifo(answers, 0o600) == 0)
    // Opened for both, so that nobody waits for the other end.
    let (question, answer) = (
      open(questions, O_RDWR | O_CLOEXEC), open(answers, O_RDWR | O_CLOEXEC)
    )
    defer { close(answer) }
    let process = try Command.start(
      Programs.beacon, ["query", "--data", beacon.data],
      streams: Command.Streams(input: questions, output: answers))
    var chunk = Bytes(repeating: 0, count: 100)
    for _ in 0..<3 {
      let line = Bytes("SELECT opens FROM events\n".utf8)
      #expect(write(question, line, line.count) == line.count)
      var descriptor = pollfd(fd: answer, events: Int16(POLLIN), revents: 0)
      try #require(poll(&descriptor, 1, 30_000) == 1)
      let count = read(answer, &chunk, chunk.count)
      #expect(String(decoding: chunk[..<max(0, count)], as: UTF8.self) == "opens\n1\n")
    }
    close(question)
    #expect(Command.wait(for: process) == 0)
  }

  @Test("a query may begin with a comment")
  func comment() throws {
    let query = "-- How many?\nSELECT opens\nFROM events"
    #expect(try beacon.row(query) == ["1"])
    #expect(try beacon.row("--How many?\nSELECT opens\nFROM events") == ["1"])
    let alone = try Beacon.run("query", "--data", beacon.data, "-- No.")
    #expect(alone.errorText.hasPrefix("1:7: expected SELECT"), "\(alone.errorText)")
    let wrong = try Beacon.run("query", "--data", beacon.data, "-- No.\nSELECT nothing FROM events")
    #expect(wrong.errorText.hasPrefix("2:8: unknown column 'nothing'"))
    try expect(["query", "--data", beacon.data, "--nothing", query], code: 2)
  }

  private func expect(_ arguments: [String], code: Int32) throws {
    let result = try Command.run(Programs.beacon, arguments)
    #expect(result.code == code, "\(arguments): \(result.errorText)")
    #expect(result.output.isEmpty && !result.errors.isEmpty, "\(arguments)")
    expectPlain(result.errors, arguments)
  }

  /// No colours, no bars: no control bytes but newlines and tabs.
  private func expectPlain(_ bytes: Bytes, _ arguments: [String]) {
    let controls = bytes.filter { $0 < 0x20 && $0 != 9 && $0 != 10 }
    #expect(controls.isEmpty, "\(arguments)")
  }
}
