// Values of options that mean the same in every command; threads and memory by the rules of a server's configuration.

internal import ArgumentParser
internal import Query
internal import Server

enum OptionValue {
  /// How answers are written; nil where nothing was said.
  static func format(_ text: String?) throws -> ResultFormat? {
    guard let text else { return nil }
    guard let format = ResultFormat(rawValue: text) else {
      throw ValidationError("--format is one of \(formatNames), not '\(text)'.")
    }
    return format
  }

  static var formatNames: String {
    ResultFormat.allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// Threads to use; nil where nothing was said.
  static func threadCount(_ text: String?) throws -> Int? {
    try checked { () throws(ServeConfiguration.Failure) in
      try text.map(ServeConfiguration.threadCount)
    }
  }

  /// Bytes of memory to keep within; nil where nothing was said.
  static func memoryByteCount(_ text: String?) throws -> Int? {
    try checked { () throws(ServeConfiguration.Failure) in
      try text.map(ServeConfiguration.memoryByteCount)
    }
  }

  private static func checked(
    _ body: () throws(ServeConfiguration.Failure) -> Int?
  ) throws -> Int? {
    do throws(ServeConfiguration.Failure) {
      return try body()
    } catch {
      throw ValidationError("--\(error).")
    }
  }
}
