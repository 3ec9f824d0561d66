// What the user means by the paths of a command line: files, folders, patterns, standard input.
//
// SAFETY: directory entries and glob results are C strings, terminated by the library that made
// them and copied before the next call.

internal import Glibc

/// One input to be read.
package enum SourceLocation: Hashable, Sendable {
  case file(String)
  case standardInput

  /// What messages call it.
  package var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "standard input"
    }
  }

  /// Opens it for reading.
  package func open() throws(SourceError) -> ByteSource {
    switch self {
    case .file(let path): try ByteSource(path: path)
    // A copy, because the source closes what it reads.
    case .standardInput: try ByteSource(descriptor: dup(STDIN_FILENO), name: name)
    }
  }
}

package enum SourceList {
  /// The inputs that `arguments` stand for, each once, in the order of the arguments.
  ///
  /// - A folder stands for the regular files in it and in its folders, without those whose names
  ///   begin with a dot, ordered byte by byte by path. A folder that links lead to again counts once.
  /// - An argument that is no file but has `*`, `?` or `[` stands for what matches, in that order.
  /// - `-` is standard input.
  /// - Throws: `notFound`, `noMatch`, `tooDeep`, `system`.
  package static func expand(_ arguments: [String]) throws(SourceError) -> [SourceLocation] {
    var seen: Set<SourceLocation> = []
    var locations: [SourceLocation] = []
    for argument in arguments {
      let found: [SourceLocation] =
        argument == "-" ? [.standardInput] : try expand(argument).map { .file($0) }
      locations += found.filter { seen.insert($0).inserted }
    }
    return locations
  }

  private static func expand(_ argument: String) throws(SourceError) -> [String] {
    if let status = try look(at: argument) { return try files(at: argument, status) }
    guard argument.utf8.contains(where: { "*?[".utf8.contains($0) }) else {
      throw SourceError(name: argument, problem: .notFound)
    }
    var paths: [String] = []
    for match in matches(of: argument) {
      // What vanished since it matched is no longer meant.
      guard let status = try look(at: match) else { continue }
      paths += try files(at: match, status)
    }
    if paths.isEmpty { throw SourceError(name: argument, problem: .noMatch) }
    return paths
  }

  private static func files(at path: String, _ status: stat) throws(SourceError) -> [String] {
    guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
    var root = path
    while root.count > 1, root.hasSuffix("/") { root.removeLast() }
    var visited: Set = [FileIdentity(status)]
    return try files(in: root, depth: 1, &visited).sorted(by: isOrderedBefore)
  }

  /// - Parameter visited: the folders that were gone through. Links may lead to one again, also from within itself.
  private static func files(
    in folder: String, depth: Int, _ visited: inout Set<FileIdentity>
  ) throws(SourceError) -> [String] {
    guard depth <= Limits.folderDepthMax else {
      throw SourceError(name: folder, problem: .tooDeep)
    }
    var paths: [String] = []
    // In order, so that it is the same name each time under which a folder with two is gone through.
    for name in try entries(of: folder).sorted(by: isOrderedBefore) where !name.hasPrefix(".") {
      let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
      guard let status = try lookInFolder(at: path) else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: paths.append(path)
      case S_IFDIR where visited.insert(FileIdentity(status)).inserted:
        paths += try files(in: path, depth: depth + 1, &visited)
      // Sockets, pipes and devices are no logs, and reading them could wait for ever.
      default: break
      }
    }
    return paths
  }

  /// The same as `look(at:)`; links that only lead to each other are nothing that a folder could stand for.
  private static func lookInFolder(at path: String) throws(SourceError) -> stat? {
    do throws(SourceError) {
      return try look(at: path)
    } catch {
      if case .system(_, ELOOP) = error.problem { return nil }
      throw error
    }
  }

  private static func entries(of folder: String) throws(SourceError) -> [String] {
    guard let directory = opendir(folder) else {
      throw SourceError(name: folder, problem: .system(call: "opendir", errno: errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else { break }
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    guard errno == 0 else {
      throw SourceError(name: folder, problem: .system(call: "readdir", errno: errno))
    }
    return names
  }

  /// What the system says of the file behind all links, or nil if there is none.
  private static func look(at path: String) throws(SourceError) -> stat? {
    var status = stat()
    if stat(path, &status) == 0 { return status }
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw SourceError(name: path, problem: .system(call: "stat", errno: errno))
  }

  private static func matches(of pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, GLOB_NOSORT, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }.sorted(by: isOrderedBefore)
  }

  /// Byte by byte: the order must not depend on the user's language.
  private static func isOrderedBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
