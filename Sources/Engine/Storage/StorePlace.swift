// What is where a data directory is looked for. Only a folder of its own may become one: a slip in a path must neither
// answer 0 nor fill somebody's folder with files.

internal import Durability

struct StorePlace {
  private enum Content {
    case directory
    /// Nothing, or only what a writer leaves that ends before it has written its first manifest.
    case vacant
    /// A data directory without its manifest.
    case damaged
    /// A file of somebody else's, by its name.
    case other(String)
    case noFolder
  }

  private let path: String
  private let content: Content

  init(_ folder: DataFolder) throws(EngineError) {
    path = folder.path
    content = try StorePlace.content(of: folder)
  }

  private static func content(of folder: DataFolder) throws(EngineError) -> Content {
    if folder.isTaken { return .noFolder }
    guard folder.exists else { return .vacant }
    if folder.contains(Manifest.fileName) { return .directory }
    let names = try Store.wrap { () throws(DurabilityError) in try folder.names() }
    // A writer writes a manifest before anything else, so files without one mean that it was lost.
    if names.contains(where: { Manifest.isDataFileName($0) || LogRecovery.isLogFile($0) }) {
      return .damaged
    }
    return names.first { !isLeftOver($0) }.map { .other($0) } ?? .vacant
  }

  private static func isLeftOver(_ name: String) -> Bool {
    name == FolderLock.fileName || Store.isOurs(name) || expected.contains(name)
  }

  /// What may be there before Beacon: reports of one's own, and what a file system puts into its root.
  private static let expected: Set<String> = ["reports", "lost+found"]

  /// Whether a data directory is there.
  var isDirectory: Bool { if case .directory = content { true } else { false } }

  /// Why there is none.
  var absence: EngineError {
    switch content {
    case .damaged: .damaged("\(path)/\(Manifest.fileName) is missing")
    case .noFolder: .failed("\(path) is a file, and a data directory is a folder")
    case .other:
      .failed(
        "\(path) is no data directory; `beacon ingest --data ...` makes one in a folder of its own")
    case .directory, .vacant:
      .failed("there is no data directory \(path); `beacon ingest --data \(path) ...` makes one")
    }
  }

  /// Throws where no data directory is and none may be made.
  func checkRoom() throws(EngineError) {
    switch content {
    case .directory, .vacant: return
    case .damaged, .noFolder: throw absence
    case .other(let name):
      throw .failed(
        "\(path) is no data directory and holds other files, such as \(name); name a new folder")
    }
  }
}
