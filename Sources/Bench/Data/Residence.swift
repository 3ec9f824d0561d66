// The memory of a process that does nothing but hold the data, measured by starting one: in this one, files and plain
// answers of other suites lie around too.

internal import Foundation
internal import Glibc
internal import Synchronization

struct Residence: Codable {
  /// Bytes resident above those of the process before it did anything.
  var byteCount: Int
  /// The most that were resident at once, likewise.
  var peakByteCount: Int
  var eventCount: Int

  /// Runs `beacon-bench resident` with `arguments` and reads what it says.
  static func measure(_ arguments: [String]) throws -> Residence {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["resident"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try running.withLock { running in
      try process.run()
      running = process.processIdentifier
    }
    defer { running.withLock { $0 = nil } }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw BenchFailure("a process of its own failed") }
    return try JSONDecoder().decode(Residence.self, from: output)
  }

  /// The process that is being measured.
  private static let running = Mutex<pid_t?>(nil)

  /// Ends the process that is being measured, if there is one, and waits until it writes no more.
  static func end() {
    running.withLock { running in
      guard let running else { return }
      kill(running, SIGKILL)
      var information = siginfo_t()
      waitid(P_PID, id_t(running), &information, WEXITED | WNOWAIT)
    }
  }

  /// Bytes of this process that `/proc/self/status` has under a name.
  static func status(_ name: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    let words = line?.split { $0 == " " || $0 == "\t" } ?? []
    guard words.count >= 2, let kilobytes = Int(words[1]) else {
      throw BenchFailure("no \(name) in /proc/self/status")
    }
    return kilobytes * 1024
  }
}
