// Files that people write: read whole, up to a limit.

internal import ArgumentParser
internal import Base
internal import Ingest

enum SmallFile {
  /// The beginning of a file, all of it when it is as small as such files are. A failure ends the command.
  static func read(_ path: String) throws -> [UInt8] {
    do {
      var source = try ByteSource(path: path)
      return try source.peek().array
    } catch {
      Console.say("beacon: \(error)")
      throw ExitCode(1)
    }
  }
}

enum RoutesFile {
  /// The routes in a file; the usual ones when there is no file.
  static func read(_ path: String?) throws -> Routes {
    guard let path else { return .standard }
    let text = try SmallFile.read(path)
    do throws(RoutesError) {
      return try text.withUnsafeBufferPointer { buffer throws(RoutesError) in
        try Routes(text: ByteSlice(buffer))
      }
    } catch {
      Console.say("beacon: \(path): \(error)")
      throw ExitCode(2)
    }
  }
}
