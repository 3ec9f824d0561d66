// What tests ask of a server with one source.

import Glibc
import Server

extension SourceServer {
  var port: Int { status[0].address.port }

  /// Waits until the status is as wanted, and returns it; after a minute, as it is then.
  func status(until isWanted: (SourceStatus) -> Bool) -> SourceStatus {
    for _ in 0..<30_000 {
      let status = status[0]
      if isWanted(status) { return status }
      usleep(2000)
    }
    return status[0]
  }
}
