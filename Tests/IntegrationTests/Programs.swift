// Where the programs are that the tests run.

import Foundation
import Glibc
import TestSupport
import Testing

enum Programs {
  /// The program under test; the build puts it beside the tests.
  static let beacon: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/beacon"
  }()

  /// A program of the system; a test that needs it fails without it.
  static func find(_ name: String, package: String) throws -> String {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    // Servers are often not on the PATH of people.
    let folders =
      path.split(separator: ":").map { String($0) } + ["/usr/sbin", "/sbin", "/usr/bin"]
    let found: String? = folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    let advice = "\(name) is missing: `make setup` installs it (Debian package \(package))"
    return try #require(found, "\(advice)")
  }
}

/// One data directory, as the program under test sees it.
struct Beacon {
  let data: String

  /// Runs `beacon` with any arguments.
  static func run(_ arguments: String..., input: String = "/dev/null") throws -> Command.Result {
    try Command.run(Programs.beacon, arguments, input: input)
  }

  /// Loads, and expects it to work.
  @discardableResult
  func ingest(
    _ paths: [String], options: [String] = [], input: String = "/dev/null"
  ) throws -> Command.Result {
    let result = try Command.run(
      Programs.beacon, ["ingest", "--data", data] + options + paths, input: input)
    try #require(result.code == 0, "\(result.errorText)")
    return result
  }

  /// The rows of an answer without the header.
  func rows(_ sql: String) throws -> [Row] {
    let result = try Beacon.run("query", "--data", data, "--format", "tsv", sql)
    try #require(result.code == 0, "\(sql): \(result.errorText)")
    return Array(Row.parse(result.output).dropFirst())
  }

  /// The cells of an answer that has one row.
  func row(_ sql: String) throws -> Row {
    let rows = try rows(sql)
    try #require(rows.count == 1, "\(sql): \(rows)")
    return rows[0]
  }

  /// The bytes of all answers to queries, one a line.
  func answers(_ queries: [String], in scratch: TemporaryFolder) throws -> Bytes {
    let input = scratch.write("queries.sql", queries.joined(separator: "\n") + "\n")
    let result = try Beacon.run("query", "--data", data, input: input)
    try #require(result.code == 0, "\(result.errorText)")
    return result.output
  }
}
