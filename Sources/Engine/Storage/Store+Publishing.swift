// Publishing: a new state of the data directory. The new files are written and synced, then the folder; the manifest is
// replaced and synced; only then what it no longer names is removed. A crash between any two steps leaves the old
// state or the new one.

internal import Base
internal import Columnar
internal import Durability

/// A state that is to be saved.
struct UnsavedState: Sendable {
  var shared: SharedImage
  /// The shards that changed, by number; the others stay as they are.
  var shards: [Int: StoredShard]
  /// The last record of the log whose events are in it.
  var logThrough: UInt64
}

extension Store {
  /// Makes a new state the directory's state, or sees to it that nothing is taken any more: after a synchronization
  /// that failed a later one may succeed and mean nothing.
  func publish(_ changes: UnsavedState, or journal: EngineJournal?) throws(EngineError) {
    do throws(EngineError) {
      try publish(changes)
    } catch {
      if case .readOnly(let reason) = error { journal?.fail(reason) }
      throw error
    }
  }

  /// Makes a new state the directory's state. One thread at a time.
  private func publish(_ changes: UnsavedState) throws(EngineError) {
    let before = state.update { $0 }
    var next = before.manifest
    next.logStart = changes.logThrough + 1
    next.entries.removeAll { entry in
      switch entry.role {
      case .shared: true
      case .shard, .segment: changes.shards[Int(entry.shard)] != nil
      }
    }
    let shared = changes.shared
    var files = [NewFile(role: .shared, shard: 0) { shared.write() }]
    var kept: [Manifest.Entry] = []
    for (index, shard) in changes.shards.sorted(by: { $0.key < $1.key }) {
      files.append(NewFile(role: .shard, shard: index) { shard.image.write() })
      for segment in shard.segments {
        if let known = before.filed[index].first(where: { $0.segment === segment }) {
          kept.append(known.entry)
        } else {
          files.append(
            NewFile(role: .segment, shard: index, segment: segment) { SegmentFile.write(segment) })
        }
      }
    }
    next.nextNumber += UInt64(files.count)
    // Whatever becomes of it, no number is used twice: a manifest that seems to have failed may be on disk.
    state.update { [next] in $0.manifest.nextNumber = next.nextNumber }
    let written = try write(files, from: next.nextNumber - UInt64(files.count))
    next.entries += kept + written.map(\.entry)
    try write(next)
    let filed = Store.refiled(before.filed, changes.shards, files, written)
    state.update { [next] in $0 = State(manifest: next, filed: filed) }
    // The state is published already: what cannot be removed now, the next writer removes.
    try? removeStrangers()
  }

  /// A file to be written.
  private struct NewFile: Sendable {
    var role: Manifest.Role
    var shard: Int
    var segment: Segment?
    var bytes: @Sendable () -> [UInt8]
  }

  /// So many files are written side by side: syncing is waiting, and those who wait together are served together.
  private static let writerCount = 8

  /// Writes files under consecutive numbers.
  private func write(
    _ files: [NewFile], from number: UInt64
  ) throws(EngineError) -> [FiledColumns] {
    let written = Threads.map(Array(files.enumerated()), threadCount: Store.writerCount) { file in
      Result { () throws(EngineError) in
        try self.write(file.element, number + UInt64(file.offset))
      }
    }
    do throws(EngineError) {
      var columns: [FiledColumns] = []
      for result in written { columns.append(try result.get()) }
      return columns
    } catch {
      removeUnnamed(files, from: number)
      throw error
    }
  }

  /// Removes what was written of a state that will not be: on a full disk the next attempt needs the room. Whatever
  /// cannot be removed now, the next writer removes.
  private func removeUnnamed(_ files: [NewFile], from number: UInt64) {
    for (index, file) in files.enumerated() {
      try? folder.remove(
        Manifest.dataFileName(
          file.role, shard: UInt8(file.shard), number: number + UInt64(index)))
    }
  }

  private func write(
    _ file: NewFile, _ number: UInt64
  ) throws(EngineError) -> FiledColumns {
    let bytes = file.bytes()
    let entry = Manifest.Entry(
      role: file.role, shard: UInt8(file.shard), number: number, byteCount: UInt64(bytes.count),
      checksum: CRC32C.of(bytes))
    try Store.wrap { () throws(DurabilityError) in try folder.write(entry.name, bytes) }
    guard file.role == .segment else { return FiledColumns(cold, entry, []) }
    do throws(SectionFileError) {
      return FiledColumns(cold, entry, try SegmentFile.places(bytes))
    } catch {
      throw .damaged("\(folder.path)/\(entry.name): \(error.reason)")
    }
  }

  /// The segments that are on disk now. The files of those that changed shards no longer have are about to be removed;
  /// whoever still reads them may go on.
  private static func refiled(
    _ before: [[FiledSegment]], _ shards: [Int: StoredShard], _ files: [NewFile],
    _ written: [FiledColumns]
  ) -> [[FiledSegment]] {
    var filed = before
    for (index, shard) in shards {
      let held = Set(shard.segments.map(ObjectIdentifier.init))
      filed[index] = before[index].filter { held.contains(ObjectIdentifier($0.segment)) }
      for known in before[index] where !held.contains(ObjectIdentifier(known.segment)) {
        known.columns.keepOpen()
      }
    }
    for (file, columns) in zip(files, written) {
      guard let segment = file.segment else { continue }
      filed[file.shard].append(FiledSegment(segment: segment, columns: columns))
    }
    return filed
  }

  // MARK: Removing

  /// Makes sure that nothing is left of states before this one, for those who promise it.
  func removeFormerFiles() throws(EngineError) {
    try removeStrangers()
    try Store.wrap { () throws(DurabilityError) in try folder.synchronize() }
  }

  /// Removes files of ours that the manifest does not name: what a crash or the last publication left behind. Nobody
  /// ever reads them.
  func removeStrangers() throws(EngineError) {
    let kept = Set(manifest.entries.map(\.name) + [Manifest.fileName, FolderLock.fileName])
    try Store.wrap { () throws(DurabilityError) in
      for name in try folder.names() where !kept.contains(name) && Store.isOurs(name) {
        try folder.remove(name)
      }
    }
  }

  static func isOurs(_ name: String) -> Bool {
    guard name.hasSuffix(DataFolder.temporarySuffix) else { return Manifest.isDataFileName(name) }
    let target = String(name.dropLast(DataFolder.temporarySuffix.count))
    return target == Manifest.fileName || Manifest.isDataFileName(target)
      || LogRecovery.isLogFile(target)
  }
}
