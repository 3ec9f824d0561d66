// Files of the repository that tests hold the program against.

package enum Repository {
  /// The path of a file.
  package static func path(_ name: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/\(name)"
  }

  /// The content of a file of text.
  package static func text(_ name: String) -> String {
    String(decoding: TemporaryFolder.read(path(name)), as: UTF8.self)
  }
}
