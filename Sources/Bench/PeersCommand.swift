// `beacon-bench peers`: hands over to scripts/peers of the package, which sets up other engines and times them beside
// Beacon.

internal import ArgumentParser
internal import Foundation
internal import Glibc

struct PeersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers",
    abstract: "Time Beacon beside other engines (runs scripts/peers with the arguments).")

  @Argument(parsing: .captureForPassthrough, help: "What scripts/peers takes.")
  var arguments: [String] = []

  func run() throws {
    let script = try PeersCommand.script()
    let texts = ([script] + arguments).map { strdup($0) }
    defer { texts.forEach { free($0) } }
    execv(script, texts + [nil])
    throw BenchFailure("cannot run \(script): \(String(cString: strerror(errno)))")
  }

  /// In the package that this program was built in, or else the one around the current folder.
  private static func script() throws(BenchFailure) -> String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for start in [program, here] {
      var folder = start
      while folder.path != "/" {
        let script = folder.appendingPathComponent("scripts/peers").path
        if access(script, X_OK) == 0 { return script }
        folder.deleteLastPathComponent()
      }
    }
    throw BenchFailure("scripts/peers is not there: run this inside the package")
  }
}
