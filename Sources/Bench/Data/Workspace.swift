// A folder for everything large that a run writes. It goes away with the run, also when that is interrupted.

internal import Foundation
internal import Glibc
internal import Synchronization

final class Workspace: Sendable {
  let path: String

  /// Makes a new folder inside `parent`, which must exist.
  init(in parent: String) throws(BenchFailure) {
    var template = Array("\(parent)/beacon-bench-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw BenchFailure("cannot write to \(parent): \(String(cString: strerror(errno)))")
    }
    path = String(cString: made)
    removeWhenInterrupted()
  }

  deinit { Workspace.remove(path) }

  /// The path of something in it, which need not be there.
  subscript(name: String) -> String { "\(path)/\(name)" }

  /// Deletes something in it.
  func remove(_ name: String) { Workspace.remove(self[name]) }

  /// Two at once would each stop at what the other one has deleted.
  private static let removal = Mutex(())

  private static func remove(_ path: String) {
    removal.withLock { _ in delete(path) }
  }

  private static func delete(_ path: String) {
    // What is gone already need not be deleted.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Waits on a thread of its own for what interrupts a run. Threads that start later leave the signals to it.
  private func removeWhenInterrupted() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    if !isIgnored(SIGHUP) { sigaddset(&signals, SIGHUP) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let (path, set) = (path, signals)
    Thread.detachNewThread {
      var (waited, signal) = (set, Int32(0))
      while sigwait(&waited, &signal) != 0 {}
      // Whoever fails because of this waits to remove its files meanwhile.
      Workspace.removal.withLock { _ in
        Residence.end()
        Workspace.delete(path)
        _exit(128 + signal)
      }
    }
  }

  /// Whether whoever started the run wants it to go on, as `nohup` does.
  private func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
