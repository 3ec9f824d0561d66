// One request that a mail client, a person or a scanner sends, and what Beacon must make of its log line.

struct TrackingRequest {
  enum Agent {
    case bytes(Bytes)
    /// `User-Agent:` with nothing behind it.
    case empty
    case absent

    static func text(_ text: String) -> Agent { .bytes(Bytes(text.utf8)) }

    /// What must be stored; a dash stands for none in logs.
    var stored: Bytes? {
      guard case .bytes(let bytes) = self, bytes != Bytes("-".utf8) else { return nil }
      return bytes
    }
  }

  enum Outcome {
    case hit(Hit)
    case ignored
    case rejected
    /// Rejected because of the user agent: a log without user agents has the hit.
    case rejectedForAgent(Hit)
  }

  /// An event as the query below shows it, without its user agent.
  struct Hit {
    var kind: String
    var recipient: Bytes
    var campaign = "spring"
    var send: String?
    var variant: String?
    var link: Bytes?
    var machineClass: String? = "human"
    var reason: String?
    var currency: String?
    var revenue: String?
  }

  var method = "GET"
  /// What stands in the request line, byte by byte.
  var target: Bytes
  var agent = Agent.text(TrackingRequest.browser)
  /// More lines for curl.
  var options: [String] = []
  var isIPv6 = false
  /// The status that the server must answer with.
  var status: Int
  var outcome: Outcome

  static let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

  /// The request as a part of a curl configuration.
  func curlLines(port: Int) -> Bytes {
    var lines = [
      Bytes("url = http://\(isIPv6 ? "[::1]" : "127.0.0.1"):\(port)/".utf8),
      Bytes("request-target = ".utf8) + TrackingRequest.quote(target),
      Bytes("output = /dev/null".utf8), Bytes(#"write-out = "%{http_code}\n""#.utf8),
    ]
    switch method {
    case "GET": break
    case "HEAD": lines.append(Bytes("head".utf8))
    default: lines.append(Bytes("data = \"List-Unsubscribe=One-Click\"".utf8))
    }
    switch agent {
    case .bytes(let bytes): lines.append(Bytes("user-agent = ".utf8) + TrackingRequest.quote(bytes))
    case .empty: lines.append(Bytes("header = \"User-Agent;\"".utf8))
    case .absent: lines.append(Bytes("header = \"User-Agent:\"".utf8))
    }
    lines += options.map { Bytes($0.utf8) }
    return Bytes(lines.joined(separator: [UInt8(ascii: "\n")])) + Bytes("\n".utf8)
  }

  private static func quote(_ bytes: Bytes) -> Bytes {
    var quoted = Bytes("\"".utf8)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): quoted += [UInt8(ascii: "\\"), byte]
      case 9: quoted += Bytes(#"\t"#.utf8)
      default: quoted.append(byte)
      }
    }
    return quoted + Bytes("\"".utf8)
  }
}

extension TrackingRequest {
  /// Shows every hit with all that its line said; `row` has the cells in the same order.
  static let query = """
    SELECT kind, campaign, recipient, send, variant, link, user_agent, machine_class, reason, \
    currency, opens, clicks, unsubscribes, conversions, revenue FROM events \
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 SETTINGS audience = 'all'
    """

  /// What a log that shows user agents, or one that does not, must come to; nil if no event.
  func row(hasAgent: Bool) -> Row? {
    switch outcome {
    case .hit(let hit): hit.row(agent: hasAgent ? agent.stored : nil)
    case .rejectedForAgent(let hit) where !hasAgent: hit.row(agent: nil)
    default: nil
    }
  }

  func isRejected(hasAgent: Bool) -> Bool {
    switch outcome {
    case .rejected: true
    case .rejectedForAgent: hasAgent
    case .hit, .ignored: false
    }
  }
}

extension TrackingRequest.Hit {
  fileprivate func row(agent: Bytes?) -> Row {
    let count = { (wanted: String) in Cell(kind == wanted ? 1 : 0) }
    return Row([
      cell(kind), cell(campaign), Cell(recipient), cell(send), cell(variant), Cell(link),
      Cell(agent), cell(shownClass(agent)), cell(reason), cell(currency), count("opened"),
      count("clicked"), count("unsubscribed"), count("converted"), cell(revenue),
    ])
  }

  /// Without a user agent an open or click is a person's, unless it is a HEAD; others have no class.
  private func shownClass(_ agent: Bytes?) -> String? {
    if agent != nil || machineClass == "head" { return machineClass }
    return kind == "opened" || kind == "clicked" ? "human" : nil
  }

  private func cell(_ text: String?) -> Cell { Cell(text.map { Bytes($0.utf8) }) }
}
