// One line of the user agent table: what to look for, and what it means.

struct UserAgentRule: Sendable {
  let match: UserAgentMatch
  let client: StaticString
  /// Where it says more than the device and system rules could find out.
  let device: StaticString?
  let os: StaticString?

  init(
    _ match: UserAgentMatch, _ client: StaticString, device: StaticString? = nil,
    os: StaticString? = nil
  ) {
    self.match = match
    self.client = client
    self.device = device
    self.os = os
  }
}
