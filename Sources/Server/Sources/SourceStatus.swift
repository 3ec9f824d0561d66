// What a source has received so far, and what became of it.

package import Ingest

package struct SourceStatus: Sendable {
  package let transport: SourceConfiguration.Transport
  /// Where it listens; the port is the one chosen when 0 was asked for.
  package internal(set) var address: ListenAddress
  /// Messages or lines received, those that were dropped included, except by the system.
  package internal(set) var messageCount = 0
  /// Bytes received, frames included.
  package internal(set) var byteCount = 0
  /// What became of the lines that the engine was given.
  package internal(set) var tally = LineTally()
  package internal(set) var drops = SourceDrops()
  /// Connections that are open; 0 for datagrams.
  package internal(set) var connectionCount = 0
  /// Connections that were ever let in.
  package internal(set) var acceptedConnectionCount = 0
  /// Connections that were closed at once, because there were too many, or because they began with HTTP.
  package internal(set) var refusedConnectionCount = 0
  /// When something was last received, in UTC milliseconds; nil before that.
  package internal(set) var lastMessageTime: Int64?
  /// Why the engine takes nothing at the moment, or cannot keep it; nil when it does.
  package internal(set) var refusal: String?

  init(_ transport: SourceConfiguration.Transport, at address: ListenAddress) {
    self.transport = transport
    self.address = address
  }
}

/// Messages that were received, or sent to us, and are not among the engine's lines, by the reason.
package struct SourceDrops: Equatable, Sendable {
  package enum Reason: Int, CaseIterable, Sendable {
    /// Longer than a line may be.
    case tooLong
    /// A syslog header that cannot be read, or no line behind it.
    case malformed
    /// A connection that ended within a message.
    case cut
    /// The first lines of a stream, which no format reads.
    case unrecognised
    /// The queue was full: the engine is slower than the senders.
    case overflow
    /// The queue was full, or the server stopped, while the engine took nothing.
    case refused
    /// The system's queue was full: the server is slower than the senders. Only for datagrams.
    case system
  }

  private var counts = [Int](repeating: 0, count: Reason.allCases.count)

  /// Messages that were dropped for a reason.
  package internal(set) subscript(reason: Reason) -> Int {
    get { counts[reason.rawValue] }
    set { counts[reason.rawValue] = newValue }
  }

  mutating func add(_ other: SourceDrops) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// Messages that were dropped.
  package var total: Int { counts.reduce(0, +) }
}
