// Where a server listens: `HOST:PORT`, `[IPV6]:PORT`, or a port alone on the loopback.

package struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
  package let host: String
  package let port: Int

  package static let standard = ListenAddress(host: "127.0.0.1", port: 4747)

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads an address; nil when it is none.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    let digits = text[text.index(after: colon)...]
    guard !host.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = UInt16(digits)
    else { return nil }
    self.init(host: String(host), port: Int(port))
  }

  /// Whether only programs of this machine get there.
  package var isLoopback: Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
