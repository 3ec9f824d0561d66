// Files that people write: read whole, up to a limit.

internal import ArgumentParser
internal import Base
internal import Ingest
internal import Server

enum SmallFile {
  /// The whole of a file; `-` is standard input. That it has more than so many bytes, or another failure, ends the
  /// command.
  static func read(_ path: String, byteCountMax: Int) throws -> [UInt8] {
    do throws(SourceError) {
      let location = path == "-" ? SourceLocation.standardInput : .file(path)
      var source = try location.open()
      return try source.readAll(byteCountMax: byteCountMax)
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
    let text = try SmallFile.read(path, byteCountMax: Ingest.Limits.routesByteCountMax)
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

enum TokenFile {
  /// The token on the first line of a file.
  static func read(_ path: String) throws -> [UInt8] {
    let line = try SmallFile.read(path, byteCountMax: Limits.tokenFileByteCountMax)
      .prefix { $0 != ASCII.newline && $0 != ASCII.carriageReturn }
    guard Token.byteCounts.contains(line.count) else {
      Console.say(
        "beacon: \(path): a token has \(Token.byteCounts.lowerBound) to "
          + "\(Token.byteCounts.upperBound) bytes, on the first line")
      throw ExitCode(2)
    }
    return Array(line)
  }
}
