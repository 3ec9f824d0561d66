// One look at the files behind a pattern.
//
// SAFETY: directory entries are C strings, terminated by the library and copied before the next call.

internal import Glibc

/// A regular file that was seen, under one or several names.
struct Sighting {
  var identity: FileIdentity
  var facts: FileFacts
  /// The first of its names, byte by byte.
  var path: String
  private var otherPaths: [String] = []

  init(identity: FileIdentity, facts: FileFacts, path: String) {
    self.identity = identity
    self.facts = facts
    self.path = path
  }

  func has(_ name: String) -> Bool { path == name || otherPaths.contains(name) }

  /// Takes over the names of another sighting of the same file.
  mutating func add(_ other: Sighting) {
    facts = other.facts
    for name in [other.path] + other.otherPaths where !has(name) {
      otherPaths.append(name)
      if name.utf8.lexicographicallyPrecedes(path.utf8) {
        swap(&path, &otherPaths[otherPaths.count - 1])
      }
    }
  }
}

struct FolderListing {
  private(set) var sightings: [FileIdentity: Sighting] = [:]
  /// What could not be looked at, as messages.
  private(set) var problems: [String] = []
  private var found: [FileIdentity: Sighting] = [:]

  /// Forgets what was seen, and keeps the memory for the next look.
  mutating func clear() {
    sightings.removeAll(keepingCapacity: true)
    problems.removeAll()
  }

  /// Adds the files behind `pattern`.
  ///
  /// - Parameters:
  ///   - strays: files that are wanted although their names do not match.
  ///   - known: files that come first if there are too many.
  mutating func add(
    _ pattern: FilePattern, strays: Set<FileIdentity>, fileCountMax: Int,
    isKnown: (FileIdentity) -> Bool
  ) {
    found.removeAll(keepingCapacity: true)
    if pattern.isLiteral, strays.isEmpty {
      look(at: pattern.path(of: String(decoding: pattern.name ?? [], as: UTF8.self)))
    } else {
      list(pattern, strays)
    }
    if found.count > fileCountMax {
      problems.append(
        "\(pattern.text): \(found.count) files match, only \(fileCountMax) are followed")
      cut(to: fileCountMax, isKnown)
    }
    for sighting in found.values { merge(sighting) }
  }

  private mutating func merge(_ sighting: Sighting) {
    if sightings[sighting.identity]?.add(sighting) == nil {
      sightings[sighting.identity] = sighting
    }
  }

  /// Whether `path` looks like what a rotation makes of a file that is there, too.
  static func hasRotatedName(_ path: String) -> Bool {
    RotatedName.originals(of: path).contains { access($0, F_OK) == 0 }
  }

  /// Those that are followed stay; of the others the last changed.
  private mutating func cut(to count: Int, _ isKnown: (FileIdentity) -> Bool) {
    let ranked = found.values.map { (rank: isKnown($0.identity) ? 0 : 1, sighting: $0) }.sorted {
      ($0.rank, -$0.sighting.facts.contentChanged, $0.sighting.path)
        < ($1.rank, -$1.sighting.facts.contentChanged, $1.sighting.path)
    }
    for place in ranked.dropFirst(count) { found[place.sighting.identity] = nil }
  }

  private mutating func list(_ pattern: FilePattern, _ strays: Set<FileIdentity>) {
    guard let directory = opendir(pattern.folder) else {
      problems.append("\(pattern.text): \(SystemFailure("opendir").text)")
      return
    }
    defer { closedir(directory) }
    while true {
      // Only it tells an error from the end.
      errno = 0
      guard let entry = readdir(directory) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name else {
        problems.append("\(pattern.folder): a file whose name is no UTF-8 is not followed")
        continue
      }
      if name == "." || name == ".." { continue }
      if pattern.matches(name.utf8) {
        look(at: pattern.path(of: name))
      } else if !strays.isEmpty {
        look(at: pattern.path(of: name), among: strays)
      }
    }
    if errno != 0 { problems.append("\(pattern.text): \(SystemFailure("readdir").text)") }
  }

  private mutating func look(at path: String, among strays: Set<FileIdentity>? = nil) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // What vanished between the two calls was not there.
      let failure = SystemFailure("stat")
      if !failure.isMissing, strays == nil { problems.append("\(path): \(failure.text)") }
      return
    }
    let identity = FileIdentity(status)
    if let strays, !strays.contains(identity) { return }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      let sighting = Sighting(identity: identity, facts: FileFacts(status), path: path)
      if found[identity]?.add(sighting) == nil { found[identity] = sighting }
    case S_IFDIR: problems.append("\(path): a folder in a folder is not followed")
    default: problems.append("\(path): not a file, not followed")
    }
  }
}
