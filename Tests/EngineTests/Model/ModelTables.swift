// What the model knows of user agents, bounce codes and addresses: only those that the tests use, each written down.

enum ModelTables {
  struct Agent {
    var text: String
    var machineClass: String
    var client: String
    var device: String
    var os: String
  }

  static let agents = [
    agent("Mozilla/5.0", "privacy_proxy", "Apple Mail", "proxy", "unknown"),
    agent(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
      "prefetch", "Gmail", "proxy", "unknown"),
    agent(
      "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
      "human", "Gmail", "proxy", "unknown"),
    agent("Barracuda Sentinel (EE)", "scanner", "Barracuda", "robot", "unknown"),
    agent("curl/8.5.0", "robot", "curl", "robot", "unknown"),
    agent(
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
        + "(KHTML, like Gecko) Mobile/15E148", "human", "Apple Mail", "mobile", "iOS"),
    agent(
      "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.9.0",
      "human", "Thunderbird", "desktop", "Linux"),
    agent(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/122.0.0.0 Safari/537.36", "human", "Chrome", "desktop", "Windows"),
    agent("something else", "human", "unknown", "unknown", "unknown"),
  ]

  static func agent(named text: String) -> Agent {
    guard let agent = agents.first(where: { $0.text == text }) else {
      preconditionFailure("the model does not know the user agent \(text)")
    }
    return agent
  }

  private static func agent(
    _ text: String, _ machineClass: String, _ client: String, _ device: String, _ os: String
  ) -> Agent {
    Agent(text: text, machineClass: machineClass, client: client, device: device, os: os)
  }

  /// The class of a bounce that states none.
  static func bounceClass(ofCode code: String?) -> String {
    guard let code else { return "unknown" }
    for (bounceClass, codes) in bounceCodes where codes.contains(code) { return bounceClass }
    preconditionFailure("the model does not know the code \(code)")
  }

  static let bounceCodes: [(String, [String])] = [
    ("hard", "5.1.0 5.1.1 5.1.2 5.1.3 5.1.4 5.1.6 5.1.10 5.2.1 5.4.4 5.7.13 5.7.17 5.7.18".words),
    ("block", "5.1.7 5.1.8 5.6.0 5.6.3 5.7.0 5.7.1 5.7.133".words),
    ("soft", "4.0.0 4.2.2 4.4.7 4.7.1 5.2.2 5.2.3 5.3.0 5.3.4 5.4.0 5.4.14 5.5.0 5.5.2".words),
    ("unknown", "5.0.0 5.1.5 5.1.9 5.2.0 2.1.5 550 nonsense 5.1 5.1.01".words),
  ]

  /// Addresses as they come and as they are kept.
  static let addresses = [
    ("203.0.113.7", "203.0.113.0"), ("203.0.113.201", "203.0.113.0"),
    ("198.51.100.1", "198.51.100.0"), ("9.255.0.1", "9.255.0.0"),
    ("2001:db8:1:2::7", "2001:db8:1::"), ("2001:db8:1:3:4:5:6:7", "2001:db8:1::"),
  ]

  static func stored(address: String) -> String {
    guard let known = addresses.first(where: { $0.0 == address }) else {
      preconditionFailure("the model does not know the address \(address)")
    }
    return known.1
  }
}

extension String {
  var words: [String] { split(separator: " ").map(String.init) }
}
