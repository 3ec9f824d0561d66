// Which files of a folder are followed: one, those whose names match, or all.

/// A path whose last part may have `*` (any run of characters) and `?` (any one).
package struct FilePattern: Sendable, Equatable {
  /// As it was written.
  package let text: String
  let folder: String
  /// The last part; nil stands for every file of the folder.
  let name: [UInt8]?

  package enum Failure: Error, Equatable, Sendable {
    case empty
    /// `*` or `?` before the last part of the path.
    case wildcardInFolder
  }

  /// - Parameters:
  ///   - text: a path, absolute or of the present folder; a folder stands for all files directly in it.
  ///   - isFolder: whether the path is known to be a folder; one that ends with `/` always is.
  package init(_ text: String, isFolder: Bool = false) throws(Failure) {
    guard !text.isEmpty else { throw .empty }
    self.text = text
    var parts = text.split(separator: "/", omittingEmptySubsequences: true)
    let last = isFolder || text.hasSuffix("/") ? nil : parts.popLast()
    let root = text.hasPrefix("/") ? "/" : ""
    folder = parts.isEmpty && root.isEmpty ? "." : root + parts.joined(separator: "/")
    name = last.map { Array($0.utf8) }
    if folder.utf8.contains(where: FilePattern.isWildcard) { throw .wildcardInFolder }
  }

  private static func isWildcard(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?")
  }

  /// Whether only one name matches.
  var isLiteral: Bool { name.map { !$0.contains(where: FilePattern.isWildcard) } ?? false }

  /// The path of a file of the folder.
  func path(of name: String) -> String {
    switch folder {
    case ".": name
    case "/": "/" + name
    default: folder + "/" + name
    }
  }

  /// Whether a file of this name is meant. Names that begin with a dot must be asked for with a dot.
  package func matches(_ candidate: some BidirectionalCollection<UInt8>) -> Bool {
    let dot = UInt8(ascii: ".")
    guard let name else { return candidate.first != dot }
    if candidate.first == dot, name.first != dot { return false }
    return FilePattern.match(Array(candidate), name)
  }

  /// Goes back to the last `*` only, which is enough: an earlier one could match no more than it does.
  private static func match(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
    var (place, wanted) = (0, 0)
    var retry: (place: Int, wanted: Int)?
    while place < text.count {
      if wanted < pattern.count, pattern[wanted] == UInt8(ascii: "*") {
        wanted += 1
        retry = (place, wanted)
      } else if wanted < pattern.count,
        pattern[wanted] == UInt8(ascii: "?") || pattern[wanted] == text[place]
      {
        place += 1
        wanted += 1
      } else if let star = retry {
        retry = (star.place + 1, star.wanted)
        (place, wanted) = (star.place + 1, star.wanted)
      } else {
        return false
      }
    }
    return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

/// Names that rotation gives.
enum RotatedName {
  /// Every shorter path that `path` may be a rotation of: the same without a number or a date behind it.
  static func originals(of path: String) -> [String] {
    guard path.utf8.last.map(isDigit) ?? false else { return [] }
    let bytes = Array(path.utf8)
    var end = bytes.count
    var found: [String] = []
    while end > 0, isDigit(bytes[end - 1]) || separators.contains(bytes[end - 1]) {
      end -= 1
      if separators.contains(bytes[end]) {
        found.append(String(decoding: bytes[..<end], as: UTF8.self))
      }
    }
    return found
  }

  private static let separators: Set<UInt8> = Set(".-_".utf8)

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
