// The data directory of commands that look at one and at nothing else: alone, or behind --data as everywhere.

internal import ArgumentParser

struct DirectoryOptions: ParsableArguments {
  @Option(help: "The data directory, as for other commands.")
  var data: String?

  @Argument(help: "The data directory.")
  var directory: String?

  func validate() throws {
    if (data == nil) == (directory == nil) {
      throw ValidationError("Name one data directory, as DIR or as --data DIR.")
    }
  }

  var path: String { directory ?? data ?? "" }
}
