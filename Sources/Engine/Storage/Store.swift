// The data directory: who writes it, and what its files say. They are read through the manifest; how new states of it
// are published is in Store+Publishing.swift.

internal import Base
internal import Columnar
internal import Durability

final class Store: Sendable {
  let folder: DataFolder
  /// Columns of segments that were left on disk.
  let cold: ColdColumns
  /// Nil where everything stays in memory.
  let memory: MemoryBudget?
  private let lock: FolderLock?
  /// Whether it may publish.
  var isWriter: Bool { lock != nil }
  let state: Monitor<State>

  struct State {
    var manifest = Manifest()
    /// By shard: the segments that are on disk. They are held, so that no new one can be taken for them.
    var filed = FiledSegment.none
  }

  /// The files of the state that was last saved.
  var manifest: Manifest { state.update { $0.manifest } }

  /// Opens the directory; for writing it is locked.
  ///
  /// - Parameter creates: whether a writer makes it where there is nothing yet.
  init(
    path: String, isWriter: Bool, creates: Bool = true, memory: MemoryBudget? = nil,
    system: any FileSystem = SystemCalls()
  ) throws(EngineError) {
    folder = DataFolder(path: path, system: system)
    self.memory = memory
    if memory != nil { FreedMemory.releaseLargeBlocks() }
    cold = ColdColumns(folder, cacheByteCountMax: memory?.cacheMax ?? 0)
    state = Monitor(State())
    let place = try StorePlace(folder)
    guard place.isDirectory || isWriter && creates else { throw place.absence }
    lock = isWriter ? try Store.prepare(folder, place) : nil
    if isWriter, !folder.contains(Manifest.fileName) { try write(Manifest()) }
    let manifest = try readManifest()
    state.update { $0.manifest = manifest }
    if isWriter { try removeStrangers() }
  }

  /// The manifest on disk.
  func readManifest() throws(EngineError) -> Manifest {
    guard folder.contains(Manifest.fileName) else { throw try StorePlace(folder).absence }
    let bytes = try Store.wrap { () throws(DurabilityError) in try folder.read(Manifest.fileName) }
    do throws(SectionFileError) {
      return try Manifest.read(bytes)
    } catch {
      throw .damaged("\(folder.path)/\(Manifest.fileName): \(error.reason)")
    }
  }

  func write(_ manifest: Manifest) throws(EngineError) {
    let bytes = manifest.write()
    try Store.wrap { () throws(DurabilityError) in
      try folder.synchronize()
      try folder.write(Manifest.fileName, bytes)
      try folder.synchronize()
    }
  }

  private static func prepare(
    _ folder: DataFolder, _ place: StorePlace
  ) throws(EngineError) -> FolderLock {
    try place.checkRoom()
    try wrap { () throws(DurabilityError) in try folder.create() }
    do throws(FolderLock.Failure) {
      return try FolderLock(folder)
    } catch {
      switch error {
      case .held(let holder):
        throw .failed("\(folder.path) is being written by \(holder); wait for it to end")
      case .system(let error): throw .failed(error.description)
      }
    }
  }

  /// Everything the manifest names, checked. Of segments that the memory budget has no room for, what is always in
  /// memory; so there is never much more than that.
  func load(threadCount: Int) throws(EngineError) -> (shared: SharedImage, shards: [StoredShard]) {
    let manifest = try readManifest()
    var loading = Loading(memory)
    // Tables first: what they leave of the budget is for segments.
    let entries = manifest.entries.filter { $0.role != .segment }
    let segments = manifest.entries.filter { $0.role == .segment }
    try load(entries + segments, into: &loading, threadCount: threadCount)
    for (index, shard) in loading.shards.enumerated() {
      guard let fault = shard.fault(loading.shared) else { continue }
      throw .damaged("\(folder.path): shard \(index): \(fault)")
    }
    state.update { [filed = loading.filed] in $0 = State(manifest: manifest, filed: filed) }
    return (loading.shared, loading.shards)
  }

  /// Reads files side by side, a few at a time.
  private func load(
    _ entries: [Manifest.Entry], into loading: inout Loading, threadCount: Int
  ) throws(EngineError) {
    let waveCount = Store.filesPerThread * threadCount
    for start in stride(from: 0, to: entries.count, by: waveCount) {
      let wave = entries[start..<min(start + waveCount, entries.count)]
      let read = Threads.map(Array(wave), threadCount: threadCount) { entry in
        Result { () throws(EngineError) in try self.content(of: entry) }
      }
      for (entry, result) in zip(wave, read) { loading.add(try result.get(), of: entry) }
    }
  }

  /// Enough that threads seldom wait for each other, and few enough not to count in memory.
  private static let filesPerThread = 4

  private func content(of entry: Manifest.Entry) throws(EngineError) -> FileContent {
    let bytes = try read(entry)
    do throws(SectionFileError) {
      switch entry.role {
      case .shared: return .shared(try SharedImage(reading: bytes))
      case .shard: return .shard(try ShardImage(reading: bytes))
      case .segment:
        let columns = FiledColumns(cold, entry, try SegmentFile.places(bytes))
        return .segment(FiledSegment(segment: try SegmentFile.read(bytes), columns: columns))
      }
    } catch {
      throw .damaged("\(folder.path)/\(entry.name): \(error.reason)")
    }
  }

  // MARK: Memory

  /// Lets the oldest segments give up their payloads, until so many bytes are free or all have.
  ///
  /// - Returns: the bytes that became free.
  func cool(atLeast byteCount: Int) -> Int {
    let filed = state.update { $0.filed }.joined().filter { !$0.segment.isCold }
    var freed = 0
    for known in filed.sorted(by: { $0.entry.number < $1.entry.number }) where freed < byteCount {
      freed += known.segment.payloadByteCount
      known.segment.cool(known.columns)
    }
    return freed
  }

  /// The segments that files have.
  var filedSegments: Set<ObjectIdentifier> {
    Set(state.update { $0.filed }.joined().map { ObjectIdentifier($0.segment) })
  }

  /// Whether somebody else has published since the state was loaded. A writer may remove what a reader is about to
  /// open; such a reader starts again.
  func hasChanged() throws(EngineError) -> Bool { try readManifest() != manifest }

  /// A file's bytes, once its length and checksum agree.
  func read(_ entry: Manifest.Entry) throws(EngineError) -> [UInt8] {
    guard folder.contains(entry.name) else {
      throw .damaged("\(folder.path)/\(entry.name) is missing")
    }
    let bytes = try Store.wrap { () throws(DurabilityError) in try folder.read(entry.name) }
    guard UInt64(bytes.count) == entry.byteCount else {
      throw .damaged(
        "\(folder.path)/\(entry.name) has \(bytes.count) bytes instead of \(entry.byteCount)")
    }
    guard CRC32C.of(bytes) == entry.checksum else {
      throw .damaged("\(folder.path)/\(entry.name) fails its checksum")
    }
    return bytes
  }

  /// Runs what may fail at the disk, and says so as the engine does.
  static func wrap<Value>(
    _ body: () throws(DurabilityError) -> Value
  ) throws(EngineError) -> Value {
    do throws(DurabilityError) {
      return try body()
    } catch {
      throw EngineError(error)
    }
  }
}
