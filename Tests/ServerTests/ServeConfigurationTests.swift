// The options of a server, from a file and from the command line.

import Engine
import Ingest
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
      ("memory = 1", "f:1: memory is an amount of at least 1MB, such as 256MB or 2GB, not '1'"),
      ("open-sources = 1", "f:1: open-sources is yes or no, not '1'"),
      ("syslog-udp = 514", "f:1: syslog-udp is HOST:PORT[,FORMAT], not '514'"),
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

  @Test("sources add up, each with its format")
  func sources() throws {
    var configuration = ServeConfiguration()
    try configuration.apply(
      file: """
        syslog-udp = 127.0.0.1:514
        syslog-udp = [::1]:514,auto
        syslog-tcp = 127.0.0.1:601,nginx_json
        lines-tcp = 10.0.0.1:5515,events_csv
        open-sources = yes
        """, name: "f")
    let loopback = ListenAddress(host: "127.0.0.1", port: 514)
    #expect(
      configuration.sources == [
        SourceConfiguration(.syslogUDP, at: loopback),
        SourceConfiguration(.syslogUDP, at: ListenAddress(host: "::1", port: 514)),
        SourceConfiguration(
          .syslogTCP, at: ListenAddress(host: "127.0.0.1", port: 601), .accessLog(.nginxJSON)),
        SourceConfiguration(
          .linesTCP, at: ListenAddress(host: "10.0.0.1", port: 5515), .events(.csv)),
      ])
    #expect(configuration.opensSources)
  }

  @Test(
    "formats that make no sense are refused",
    arguments: [
      ("syslog-udp", "events_csv"), ("syslog-tcp", "events_tsv"), ("lines-tcp", "gif"),
      ("lines-tcp", ""),
    ])
  func formats(name: String, format: String) {
    var configuration = ServeConfiguration()
    #expect(throws: ServeConfiguration.Failure.self) {
      try configuration.apply(name, "127.0.0.1:1,\(format)")
    }
  }
}
