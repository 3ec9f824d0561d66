// How a server is set up: the options of `beacon serve`, which may stand on the command line or in a file.

internal import Base
package import Engine
package import Ingest

package struct ServeConfiguration: Equatable, Sendable {
  /// An option that makes no sense, and where it stood.
  package struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  package var data: String?
  package var listen = ListenAddress.standard
  package var tokenFile: String?
  package var routes: String?
  /// What to keep of addresses, as `beacon ingest` has it.
  package var addressPolicy = "prefix"
  /// When hits are on disk, by the name of Engine's `Durability`.
  package var durability = "always"
  /// Megabytes of log after which its events are saved to files; nil for the engine's own choice.
  package var logMegabyteCount: Int?
  /// Bytes of memory to keep within; nil for no limit.
  package var memoryByteCount: Int?
  /// Threads of one query; nil for one per processor.
  package var threadCount: Int?
  package var limits = ServerLimits()
  /// How old events may become.
  package var retention = RetentionPolicy()
  /// Files that are followed.
  package var followed: [FilePattern] = []
  /// What they are; nil when their lines are to tell.
  package var followedKind: FileKind?
  /// Where lines come from by themselves.
  package var sources: [SourceConfiguration] = []
  /// Whether other machines may send to sources.
  package var opensSources = false

  package init() {}

  /// Applies the lines of a file: `name = value`, `#` before a remark.
  package mutating func apply(file text: String, name file: String) throws(Failure) {
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = ServeConfiguration.trimmed(line)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let place = "\(file):\(index + 1)"
      guard let equals = line.firstIndex(of: "=") else {
        throw Failure(description: "\(place): a line is name = value")
      }
      let name = ServeConfiguration.trimmed(line[..<equals])
      let value = ServeConfiguration.trimmed(line[line.index(after: equals)...])
      do throws(Failure) {
        try apply(String(name), String(value))
      } catch {
        throw Failure(description: "\(place): \(error)")
      }
    }
  }

  /// Applies an option by its name, without dashes before it. A source is added to those that are there.
  package mutating func apply(_ name: String, _ value: String) throws(Failure) {
    if let transport = SourceConfiguration.Transport(rawValue: name) {
      return sources.append(try SourceConfiguration(transport, value))
    }
    switch name {
    case "data": data = value
    case "token-file": tokenFile = value
    case "routes": routes = value
    case "ip": addressPolicy = value
    case "durability": durability = value
    case "log-megabytes":
      logMegabyteCount = try ServeConfiguration.count(name, value, most: 1 << 20)
    case "memory": memoryByteCount = try ServeConfiguration.memoryByteCount(value)
    case "listen":
      guard let address = ListenAddress(value) else {
        throw Failure(description: "listen is HOST:PORT, not '\(value)'")
      }
      listen = address
    case "retention": try setRetention(value)
    case _ where name.hasPrefix("retention."):
      try setRetention(value, kind: String(name.dropFirst("retention.".count)))
    case "follow": followed.append(try ServeConfiguration.pattern(value))
    case "follow-format":
      guard value == "auto" || FormatName.kind(value) != nil else {
        throw Failure(
          description: "follow-format is auto or one of \(FormatName.list), not '\(value)'")
      }
      followedKind = FormatName.kind(value)
    case "open-sources":
      guard value == "yes" || value == "no" else {
        throw Failure(description: "open-sources is yes or no, not '\(value)'")
      }
      opensSources = value == "yes"
    case "threads": threadCount = try ServeConfiguration.threadCount(value)
    case "connections":
      limits.connectionCountMax = try ServeConfiguration.count(name, value, most: 100_000)
    case "queries": limits.workerCount = try ServeConfiguration.count(name, value, most: 1024)
    case "waiting":
      limits.waitingCountMax = try ServeConfiguration.count(name, value, most: 1_000_000)
    case "rows": limits.rowCountMax = try ServeConfiguration.count(name, value, most: 1 << 31)
    case "timeout":
      limits.queryMillisecondsMax =
        Int64(try ServeConfiguration.count(name, value, most: 86_400)) * 1000
    default: throw Failure(description: "there is no option '\(name)'")
    }
  }

  /// Bytes of memory to keep within, as `memory` says it here and in every command.
  package static func memoryByteCount(_ value: String) throws(Failure) -> Int {
    guard let count = ByteCountText.parse(value), count >= 1 << 20 else {
      throw Failure(
        description: "memory is an amount of at least 1MB, such as 256MB or 2GB, not '\(value)'")
    }
    return count
  }

  /// Threads to use, as `threads` says it here and in every command.
  package static func threadCount(_ value: String) throws(Failure) -> Int {
    try count("threads", value, most: 1024)
  }

  private mutating func setRetention(_ value: String, kind: String? = nil) throws(Failure) {
    do throws(RetentionPolicy.Failure) {
      try retention.set(value, kind: kind)
    } catch {
      throw Failure(description: "retention: \(error)")
    }
  }

  private static func pattern(_ value: String) throws(Failure) -> FilePattern {
    do throws(FilePattern.Failure) {
      return try FilePattern(value)
    } catch {
      switch error {
      case .empty: throw Failure(description: "follow names a file, a pattern or a folder")
      case .wildcardInFolder:
        throw Failure(description: "follow has * and ? in the file's name only, not in '\(value)'")
      }
    }
  }

  private static func count(
    _ name: String, _ value: String, most: Int
  ) throws(Failure) -> Int {
    guard let count = Int(value), (1...most).contains(count) else {
      throw Failure(description: "\(name) is a number from 1 to \(most), not '\(value)'")
    }
    return count
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...end]
  }
}
