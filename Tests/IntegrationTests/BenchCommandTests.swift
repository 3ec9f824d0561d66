// `beacon-bench` at a size where nothing is measured, but every benchmark runs and checks its answer.

import Foundation
import TestSupport
import Testing

@Suite("beacon-bench", .timeLimit(.minutes(10)))
struct BenchCommandTests {
  private func run(_ arguments: String...) throws -> Command.Result {
    try Command.run(Programs.beacon + "-bench", arguments)
  }

  private struct Report: Decodable {
    struct Measurement: Decodable {
      let name: String
      let repetitions: [Double]
    }

    let measurements: [Measurement]
  }

  @Test("every benchmark runs, and every answer is right")
  func smoke() throws {
    let scratch = TemporaryFolder()
    let result = try run(
      "--smoke", "--folder", scratch.path, "--json", scratch.file("report.json"))
    try #require(result.code == 0, "\(result.errorText)")
    let report = try JSONDecoder().decode(
      Report.self, from: Data(Command.read(scratch.file("report.json"))))
    let suites = Set(report.measurements.map { $0.name.prefix { $0 != "/" } })
    #expect(
      suites == [
        "parse", "ingest", "codecs", "scan", "query", "protocol", "mixed", "open", "memory",
      ])
    #expect(report.measurements.count > 100)
    for measurement in report.measurements {
      #expect(measurement.repetitions.count == 1, "\(measurement.name)")
    }
    #expect(scratch.names == ["report.json"], "a run leaves nothing behind")

    let comparison = try run("--compare", scratch.file("report.json"), scratch.file("report.json"))
    #expect(comparison.code == 0)
    #expect(comparison.outputText.hasSuffix("outside the noise\n"))
    #expect(comparison.outputText.contains("\n0 of "))
  }

  @Test("a scale run writes its figures and a drawing, and leaves nothing else")
  func scale() throws {
    let scratch = TemporaryFolder()
    let result = try run(
      "scale", "--events", "1000,2000", "--out", scratch.file("out"), "--folder", scratch.path)
    try #require(result.code == 0, "\(result.errorText)")
    #expect(scratch.names == ["out"])
    #expect(scratch.names(in: "out") == ["scale.json", "scale.svg"])
    let drawing = String(decoding: try Command.read(scratch.file("out/scale.svg")), as: UTF8.self)
    #expect(drawing.hasPrefix("<svg ") && drawing.hasSuffix("</svg>\n"))
  }

  @Test("wrong usage is told as such")
  func usage() throws {
    let wrong = [
      ["--compare", "one"], ["--threads", "x"], ["--threads", "1,1"], ["--rounds", "0"], ["scale"],
      ["--smoke", "--full"], ["--again", "one"], ["scale", "--out", "x", "--events", ""],
    ]
    for arguments in wrong {
      let result = try Command.run(Programs.beacon + "-bench", arguments)
      #expect(result.code == 2, "\(arguments)")
      #expect(result.output.isEmpty)
    }
    #expect(try run("--smoke", "--filter", "no/such/benchmark").code == 1)
  }

  @Test("a file that cannot be read or written is named before anything is measured")
  func files() throws {
    let scratch = TemporaryFolder()
    let path = scratch.file("missing/report.json")
    for arguments in [
      ["--full", "--json", path], ["--compare", path, path],
      ["scale", "--out", scratch.path, "--draw", path],
    ] {
      let result = try Command.run(Programs.beacon + "-bench", arguments)
      #expect(result.code == 1)
      #expect(result.errorText.contains("\(path): No such file or directory"))
    }
    #expect(scratch.names.isEmpty)
  }
}
