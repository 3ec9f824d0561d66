// The options of a server, from a file and from the command line.

import Engine
import Server
import Testing

@Suite("serve configuration")
struct ServeConfigurationTests {
  @Test("a file has a line for each option; what is applied later wins")
  func file() throws {
    var configuration = ServeConfiguration()
    try configuration.apply(
      file: """
        # a remark
        data = /var/lib/some folder

          listen=[::1]:5000\r
        timeout = 5
        rows = 10
        retention.opened = 30d
        retention = 100d
        """, name: "beacon.conf")
    try configuration.apply("rows", "20")
    #expect(configuration.data == "/var/lib/some folder")
    #expect(configuration.listen == ListenAddress(host: "::1", port: 5000))
    #expect(configuration.limits.queryMillisecondsMax == 5000)
    #expect(configuration.limits.rowCountMax == 20)
    var retention = RetentionPolicy()
    try retention.set("100d")
    try retention.set("30d", kind: "opened")
    #expect(configuration.retention == retention)
  }

  @Test(
    "what makes no sense is told by its line",
    arguments: [
      ("data", "f:1: a line is name = value"),
      ("\ncolour = red", "f:2: there is no option 'colour'"),
      ("threads = 0", "f:1: threads is a number from 1 to 1024, not '0'"),
      ("listen = here", "f:1: listen is HOST:PORT, not 'here'"),
      (
        "retention = 12h",
        "f:1: retention: an age is 1d to 36525d (days) or forever, not '12h'"
      ),
    ])
  func failures(text: String, message: String) {
    var configuration = ServeConfiguration()
    #expect(throws: ServeConfiguration.Failure(description: message)) {
      try configuration.apply(file: text, name: "f")
    }
  }
}
