// Copies a data directory while somebody writes to it. What the copy holds is the state at some moment during the copy:
// everything that was acknowledged before it began, and some of what came while it ran.
//
// Numbered files never change, so copying them is all there is to it; the log is copied as far as it goes, and what is
// torn at its end is what recovery cuts. When the writer saves meanwhile, the files that became needless are gone: then
// the copy goes on with the new manifest.

internal import Base
internal import Durability

package struct Backup {
  private let source: Store
  private let target: DataFolder
  /// The files of ours in the target, and their checksums.
  private var copied: [String: UInt32] = [:]

  /// What was copied.
  package struct Summary: Equatable, Sendable {
    package var fileCount = 0
    package var byteCount = 0
  }

  /// Copies a data directory to a folder that is not there or empty.
  ///
  /// - Throws: `damaged` when a file of the directory is not what was written: nothing damaged is ever copied as if it
  ///   were well. `failed` or `full` when a disk refused; the target is then no data directory.
  package static func copy(
    _ path: String, to targetPath: String
  ) throws(EngineError) -> Summary {
    try copy(try Store(path: path, isWriter: false), to: DataFolder(path: targetPath))
  }

  static func copy(_ source: Store, to target: DataFolder) throws(EngineError) -> Summary {
    var backup = Backup(source: source, target: target)
    return try backup.run()
  }

  private mutating func run() throws(EngineError) -> Summary {
    try prepareTarget()
    while true {
      let manifest = try source.readManifest()
      do throws(EngineError) {
        let summary = try copy(manifest)
        guard try source.readManifest().logStart == manifest.logStart else { continue }
        try finish(manifest)
        return summary
      } catch {
        // A file that is not there any more belongs to a state that is not the last one any more.
        guard try source.readManifest() != manifest else { throw error }
      }
    }
  }

  private func prepareTarget() throws(EngineError) {
    try Store.wrap { () throws(DurabilityError) in try target.create() }
    let names = try Store.wrap { () throws(DurabilityError) in try target.names() }
    guard names.isEmpty else {
      throw .failed("\(target.path) is not empty; a backup goes into a folder of its own")
    }
  }

  private mutating func copy(_ manifest: Manifest) throws(EngineError) -> Summary {
    var summary = Summary()
    for entry in manifest.entries {
      if copied[entry.name] != entry.checksum {
        let bytes = try source.read(entry)
        try Store.wrap { () throws(DurabilityError) in try target.write(entry.name, bytes) }
        copied[entry.name] = entry.checksum
      }
      summary.fileCount += 1
      summary.byteCount += Int(entry.byteCount)
    }
    try copyLog(from: manifest.logStart, &summary)
    return summary
  }

  /// Copies the log's files from the first on that may hold a needed record.
  private func copyLog(from start: UInt64, _ summary: inout Summary) throws(EngineError) {
    let names = try logNames(from: start)
    for name in names {
      let bytes = try Store.wrap { () throws(DurabilityError) in try source.folder.read(name) }
      try Store.wrap { () throws(DurabilityError) in try target.write(name, bytes) }
      summary.fileCount += 1
      summary.byteCount += bytes.count
    }
    do throws(LogError) {
      // What could not be recovered from is no backup.
      _ = try LogRecovery.read(target, from: start) { _, _ in }
    } catch {
      throw EngineError(error, in: target.path)
    }
  }

  private func logNames(from start: UInt64) throws(EngineError) -> [String] {
    do throws(LogError) {
      return try LogRecovery.fileNames(source.folder, from: start)
    } catch {
      throw EngineError(error, in: source.folder.path)
    }
  }

  /// Removes what an earlier attempt left over, and makes the folder a data directory.
  private func finish(_ manifest: Manifest) throws(EngineError) {
    let logs = Set(try logNames(from: manifest.logStart))
    let kept = Set(manifest.entries.map(\.name))
    try Store.wrap { () throws(DurabilityError) in
      for name in try target.names() where !kept.contains(name) && !logs.contains(name) {
        try target.remove(name)
      }
      try target.synchronize()
      try target.write(Manifest.fileName, manifest.write())
      try target.synchronize()
    }
  }
}
