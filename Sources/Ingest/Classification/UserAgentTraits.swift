// What a user agent tells about a hit: who acted, with which program, on what.

package import Base

package struct UserAgentTraits: Sendable {
  package let machineClass: MachineClass
  /// The mail client, browser or program, as results show it; "unknown" if no rule knows it.
  package let client: StaticString
  /// `desktop`, `mobile`, `tablet`, `proxy`, `robot` or `unknown`.
  package let device: StaticString
  /// `Windows`, `macOS`, `iOS`, `Android`, `Linux`, `ChromeOS` or `unknown`.
  package let os: StaticString

  package init(
    machineClass: MachineClass, client: StaticString, device: StaticString, os: StaticString
  ) {
    self.machineClass = machineClass
    self.client = client
    self.device = device
    self.os = os
  }
}
