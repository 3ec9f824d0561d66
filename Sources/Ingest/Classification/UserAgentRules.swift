// Classifies a user agent, once per dictionary entry and never per row: a better table changes the
// past. The table itself is UserAgentTable.

package import Base

package enum UserAgentRules {
  private static let unknown: StaticString = "unknown"

  /// Who `userAgent` stands for. An empty one is a person with an unknown client.
  package static func classify(_ userAgent: ByteSlice) -> UserAgentTraits {
    var lower = userAgent.array
    for index in lower.indices { lower[index] = ASCII.lowercase(lower[index]) }
    return lower.withUnsafeBufferPointer { buffer in
      let text = UserAgentText(original: userAgent, lower: ByteSlice(buffer))
      return classifyMachine(text) ?? classifyPerson(text)
    }
  }

  private static func classifyMachine(_ text: UserAgentText) -> UserAgentTraits? {
    if let rule = text.first(of: UserAgentTable.privacyProxies) {
      return traits(.privacyProxy, rule, text)
    }
    if let rule = text.first(of: UserAgentTable.prefetchers) {
      return traits(.prefetch, rule, text)
    }
    if let rule = text.first(of: UserAgentTable.readingProxies) {
      return traits(.human, rule, text)
    }
    if let rule = text.first(of: UserAgentTable.scanners) { return machine(.scanner, rule) }
    guard text.first(of: UserAgentTable.robotExceptions) == nil else { return nil }
    return text.first(of: UserAgentTable.robots).map { machine(.robot, $0) }
  }

  private static func classifyPerson(_ text: UserAgentText) -> UserAgentTraits {
    var rule = text.first(of: UserAgentTable.mailClients) ?? text.first(of: UserAgentTable.browsers)
    if rule == nil, text.contains("applewebkit/") { rule = text.first(of: UserAgentTable.webViews) }
    return traits(.human, rule, text)
  }

  private static func traits(
    _ machineClass: MachineClass, _ rule: UserAgentRule?, _ text: UserAgentText
  ) -> UserAgentTraits {
    UserAgentTraits(
      machineClass: machineClass, client: rule?.client ?? unknown,
      device: rule?.device ?? text.name(in: UserAgentTable.devices) ?? unknown,
      os: rule?.os ?? text.name(in: UserAgentTable.systems) ?? unknown)
  }

  /// What a machine claims to run on is not worth showing.
  private static func machine(
    _ machineClass: MachineClass, _ rule: UserAgentRule
  ) -> UserAgentTraits {
    UserAgentTraits(
      machineClass: machineClass, client: rule.client, device: "robot", os: unknown)
  }
}

/// A user agent as it came and in lower case.
private struct UserAgentText {
  let original: ByteSlice
  let lower: ByteSlice

  func first(of rules: [UserAgentRule]) -> UserAgentRule? {
    rules.first { $0.match.isFound(in: original, lower: lower) }
  }

  func name(in table: [(match: UserAgentMatch, name: StaticString)]) -> StaticString? {
    table.first { $0.match.isFound(in: original, lower: lower) }?.name
  }

  func contains(_ wanted: StaticString) -> Bool {
    UserAgentMatch.contains(wanted).isFound(in: original, lower: lower)
  }
}
