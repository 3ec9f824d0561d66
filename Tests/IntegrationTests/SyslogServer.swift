// A real rsyslogd with a configuration of its own in a folder of its own.

import Glibc
import TestSupport

struct SyslogServer {
  private let process: pid_t

  /// - Parameter configuration: what comes after the folder for its state.
  init(folder: TemporaryFolder, configuration: String) throws {
    let program = try Programs.find("rsyslogd", package: "rsyslog")
    mkdir(folder.file("state"), 0o700)
    let path = folder.write(
      "rsyslog.conf", "global(workDirectory=\"\(folder.file("state"))\")\n\(configuration)\n")
    let check = try Command.run(program, ["-N1", "-f", path])
    guard check.code == 0 else { throw Command.Failure(description: check.errorText) }
    process = try Command.start(
      program, ["-n", "-f", path, "-i", folder.file("rsyslog.pid")],
      streams: Command.Streams(errors: folder.file("rsyslog.stderr")))
  }

  func stop() {
    kill(process, SIGTERM)
    Command.wait(for: process)
  }
}
