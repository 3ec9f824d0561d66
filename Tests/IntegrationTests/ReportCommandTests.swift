// `beacon report` as a shell sees it: names, folders, values, formats and exit codes.

import TestSupport
import Testing

@Suite("reports on the command line")
struct ReportCommandTests {
  private let folder = TemporaryFolder()
  private let beacon: Beacon

  init() throws {
    beacon = Beacon(data: folder.file("data"))
    let line =
      #"192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] "GET /o?c=it%27s&r=r1 HTTP/1.1" 200 43 "-" "Mail""#
    try beacon.ingest([folder.write("access.log", line + "\n")])
  }

  @Test("without a name, what there is: reports of folders first")
  func list() throws {
    folder.write("own/weekly.sql", "-- @report W\n-- @about Mine.\nSELECT opens FROM events")
    let result = try Beacon.run("report", "--reports", folder.file("own"))
    #expect(result.code == 0)
    let lines = result.outputText.split(separator: "\n")
    #expect(lines.first?.hasPrefix("weekly ") == true && lines.first?.hasSuffix("Mine.") == true)
    #expect(lines.contains { $0.hasPrefix("email-summary ") })
  }

  @Test("values are given by name or with --set, in any order")
  func values() throws {
    folder.write(
      "data/reports/opens.sql",
      "-- @parameter campaign text\nSELECT campaign, opens FROM events WHERE campaign = :campaign "
        + "GROUP BY campaign")
    let calls: [[String]] = [
      ["opens", "--campaign", "it's"], ["--campaign=it's", "opens"],
      ["opens", "--set", "campaign=it's"],
    ]
    for call in calls {
      let result = try Command.run(Programs.beacon, ["report", "--data", beacon.data] + call)
      #expect(result.outputText == "campaign\topens\nit\\'s\t1\n", "\(call): \(result.errorText)")
    }
  }

  @Test("no parameter has the name of one of the command's own options")
  func reservedNames() throws {
    let help = try Beacon.run("report", "--help").outputText
    let options = help.split { " ,\n[]".contains($0) }.filter { $0.hasPrefix("--") }
      .map { String($0.dropFirst(2)) }.filter { $0.first?.isLowercase == true }
    #expect(Set(options).isSuperset(of: ["data", "memory", "only", "version", "help"]))
    for option in Set(options) where !option.contains("-") && option != "campaign" {
      let path = folder.write("own.sql", "-- @parameter \(option) text\nSELECT opens FROM events")
      let result = try Beacon.run("report", path, "--data", beacon.data)
      #expect(result.code == 2, "\(option)")
      #expect(result.errorText.contains("'\(option)' is an option of the command"), "\(option)")
    }
  }

  @Test("a report's own file can be printed and answered from anywhere")
  func source() throws {
    let printed = try Beacon.run("report", "email-summary", "--source")
    #expect(printed.code == 0)
    let path = folder.write("mine.sql", printed.output)
    let own = try Beacon.run("report", path, "--data", beacon.data)
    let shipped = try Beacon.run("report", "email-summary", "--data", beacon.data)
    #expect(own.output == shipped.output && !own.output.isEmpty)
  }

  @Test("every shipped report answers in every format")
  func formats() throws {
    let list = try Beacon.run("report").outputText.split(separator: "\n")
    let names = list.compactMap { $0.first == " " ? nil : $0.split(separator: " ").first }
    #expect(names.count == 9)
    for name in names {
      for format in ["table", "csv", "tsv", "json", "ndjson"] {
        let result = try Beacon.run(
          "report", String(name), "--data", beacon.data, "--format", format)
        #expect(result.code == 0 && result.errors.isEmpty, "\(name): \(result.errorText)")
        #expect(!result.output.contains(0x1B))
      }
    }
  }

  @Test("what is wrong ends with 2 and says what and where")
  func wrongUsage() throws {
    let broken = folder.write("own/broken.sql", "SELECT opens\nFROM evens")
    let data = ["--data", beacon.data]
    let calls: [([String], String)] = [
      (["emial-summary"] + data, "beacon: there is no report 'emial-summary': did you mean"),
      (["email-summary", "--campain", "x"] + data, "did you mean '--campaign'?"),
      (["email-summary", "--from", "May"] + data, "--from: 'May' is not a date"),
      (["email-summary", "--only", "9"] + data, "has 3 queries"),
      (["email-summary", "--format", "xml"] + data, "--format is one of"),
      (["email-summary", "--set", "campaign"] + data, "--set takes NAME=VALUE"),
      (["email-summary"], "either --data or --connect"),
      (["email-summary", "top-senders"] + data, "One report at a time"),
      ([broken] + data, "\(broken):2:6: unknown table 'evens': did you mean 'events'?"),
    ]
    for (arguments, message) in calls {
      let result = try Command.run(Programs.beacon, ["report"] + arguments)
      #expect(result.code == 2 && result.output.isEmpty, "\(arguments)")
      #expect(result.errorText.contains(message), "\(arguments): \(result.errorText)")
    }
    let nowhere = try Beacon.run("report", "email-summary", "--data", folder.file("nowhere"))
    #expect(nowhere.code == 1)
  }
}
