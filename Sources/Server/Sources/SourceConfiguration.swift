// One source as `beacon serve` is told of it: how lines come, where it listens, and what the lines are.

package import Ingest

package struct SourceConfiguration: Equatable, Sendable {
  /// How lines come; the raw value is the name of the option.
  package enum Transport: String, CaseIterable, Sendable {
    case syslogUDP = "syslog-udp"
    case syslogTCP = "syslog-tcp"
    case linesTCP = "lines-tcp"

    /// Whether lines come one by one in messages, of many senders perhaps, so that tables make no sense.
    var isSyslog: Bool { self != .linesTCP }
  }

  package var transport: Transport
  package var address: ListenAddress
  /// What the lines are; nil when the first ones are to tell.
  package var kind: FileKind?

  package init(_ transport: Transport, at address: ListenAddress, _ kind: FileKind? = nil) {
    self.transport = transport
    self.address = address
    self.kind = kind
  }

  /// Reads `HOST:PORT` or `HOST:PORT,FORMAT`, where the format may be `auto`.
  ///
  /// - Throws: a sentence that says what is wrong.
  package init(_ transport: Transport, _ text: String) throws(ServeConfiguration.Failure) {
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ ListenAddress(String($0)) }) else {
      throw Self.failure("\(transport.rawValue) is HOST:PORT[,FORMAT], not '\(text)'")
    }
    self.init(transport, at: address)
    guard parts.count == 2, parts[1] != "auto" else { return }
    guard let kind = FormatName.kind(String(parts[1])) else {
      throw Self.failure("\(transport.rawValue) takes auto, \(FormatName.list), not '\(parts[1])'")
    }
    if transport.isSyslog, kind.isTable {
      throw Self.failure("a table has a header, and syslog has no place for it: '\(parts[1])'")
    }
    self.kind = kind
  }

  private static func failure(_ text: String) -> ServeConfiguration.Failure {
    ServeConfiguration.Failure(description: text)
  }
}

extension FileKind {
  /// Whether the first record says what is in the others, so that a stream cannot be begun in its middle.
  var isTable: Bool {
    switch self {
    case .events(let syntax), .attributes(_, let syntax): syntax != .ndjson
    case .accessLog: false
    }
  }
}
