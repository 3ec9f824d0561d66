// Files of the repository that the tests hold the program against.

enum Repository {
  static func read(_ path: String) throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return String(decoding: try Command.read("/\(root)/\(path)"), as: UTF8.self)
  }
}

extension Sequence where Element: Hashable & Comparable {
  /// Each element once, in order.
  var uniqued: [Element] { Set(self).sorted() }
}
