// How many files and sockets the process may have open.

internal import Glibc

package enum FileDescriptors {
  /// Raises the limit to `count` where it is lower and the system lets us.
  package static func allow(_ count: Int) {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(count) else { return }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
    setrlimit(resource, &limit)
  }
}
