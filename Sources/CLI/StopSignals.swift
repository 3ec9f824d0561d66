// SIGTERM and SIGINT as something to wait for: no code runs in a signal handler.

internal import Glibc

struct StopSignals {
  private var set = sigset_t()

  /// Keeps the signals from ending the process. Threads that start later inherit that.
  init() {
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits until one of them comes.
  func wait() {
    var set = set
    var signal: Int32 = 0
    while sigwait(&set, &signal) != 0 {}
  }
}
