// A server that has no descriptors left: it neither spins nor forgets those who wait.

import Glibc
import TestSupport
import Testing

@Suite("descriptors", .timeLimit(.minutes(2)))
struct DescriptorTests {
  /// A resting server uses no processor to speak of, a spinning one as much as it gets.
  private static let shareMax = 0.1

  @Test("without descriptors the server rests, and goes on when there are some again")
  func exhausted() throws {
    let folder = TemporaryFolder()
    let server = try BeaconServer(
      data: folder.file("data"), options: ["--lines-tcp", "127.0.0.1:0,combined"],
      descriptorCountMax: 40)
    for port in [server.port, try server.port(of: "lines-tcp")] {
      var clients = try (0..<60).map { _ in try LoopbackPort.connected(to: port) }
      #expect(try share(of: server.process) < DescriptorTests.shareMax, "the server spins")
      for client in clients { close(client) }
      clients = []
      #expect(try server.replies(to: "PING\n").hasPrefix("OK 0 0 "))
    }
    #expect(server.stop() == 0)
  }

  /// How much of one processor a process uses, measured for two seconds.
  private func share(of process: pid_t) throws -> Double {
    let seconds = 2
    let before = try ticks(of: process)
    usleep(useconds_t(seconds * 1_000_000))
    let used = try ticks(of: process) - before
    return Double(used) / Double(sysconf(Int32(_SC_CLK_TCK)) * seconds)
  }

  /// Ticks of the clock that a process has worked.
  private func ticks(of process: pid_t) throws -> Int {
    let text = String(decoding: try Command.read("/proc/\(process)/stat"), as: UTF8.self)
    // The name before may hold anything, so what follows is counted from its end.
    let fields = try #require(text.split(separator: ")").last).split(separator: " ")
    try #require(fields.count > 12)
    return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
  }
}
