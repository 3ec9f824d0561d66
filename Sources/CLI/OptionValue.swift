// Values of options that mean the same in every command, by the rules of a server's configuration.

internal import ArgumentParser
internal import Server

enum OptionValue {
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
