// The data directory: reads its files through the manifest, and publishes new states of it.
//
// Publishing writes the new files, syncs them and the folder, replaces the manifest, syncs again, and only then
// removes what the manifest no longer names. A crash between any two steps leaves the old state or the new one.

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
  private let state: Monitor<State>

  fileprivate struct State {
    var manifest = Manifest()
    /// By shard: the segments that are on disk. They are held, so that no new one can be taken for them.
    var filed = FiledSegment.none
  }

  /// The files of the state that was last saved.
  var manifest: Manifest { state.update { $0.manifest } }

  /// Opens the directory; for writing it is created when it is missing, and locked.
  init(
    path: String, isWriter: Bool, memory: MemoryBudget? = nil,
    system: any FileSystem = SystemCalls()
  ) throws(EngineError) {
    folder = DataFolder(path: path, system: system)
    self.memory = memory
    if memory != nil { FreedMemory.releaseLargeBlocks() }
    cold = ColdColumns(folder, cacheByteCountMax: memory?.cacheMax ?? 0)
    state = Monitor(State())
    if isWriter {
      lock = try Store.prepare(folder)
    } else {
      lock = nil
      guard folder.exists else {
        throw .failed(
          "there is no data directory \(path); `beacon ingest --data \(path) ...` makes one")
      }
    }
    let manifest = try readManifest()
    state.update { $0.manifest = manifest }
    guard isWriter else { return }
    if !folder.contains(Manifest.fileName) { try write(manifest) }
    try removeStrangers()
  }

  /// The manifest on disk, or an empty one where nothing was ever written.
  ///
  /// A writer writes an empty manifest before anything else, so files without one mean that it was lost.
  func readManifest() throws(EngineError) -> Manifest {
    guard folder.contains(Manifest.fileName) else {
      let names = try Store.wrap { () throws(DurabilityError) in try folder.names() }
      guard !names.contains(where: Store.isDataFile) else {
        throw .damaged("\(folder.path)/\(Manifest.fileName) is missing")
      }
      return Manifest()
    }
    let bytes = try Store.wrap { () throws(DurabilityError) in try folder.read(Manifest.fileName) }
    do throws(SectionFileError) {
      return try Manifest.read(bytes)
    } catch {
      throw .damaged("\(folder.path)/\(Manifest.fileName): \(error.reason)")
    }
  }

  private func write(_ manifest: Manifest) throws(EngineError) {
    let bytes = manifest.write()
    try Store.wrap { () throws(DurabilityError) in
      try folder.synchronize()
      try folder.write(Manifest.fileName, bytes)
      try folder.synchronize()
    }
  }

  private static func prepare(_ folder: DataFolder) throws(EngineError) -> FolderLock {
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

  /// Makes a new state the directory's state. One thread at a time.
  func publish(_ changes: UnsavedState) throws(EngineError) {
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
    state.update { [next] state in
      state.refile(changes.shards, files, written)
      state.manifest = next
    }
    // The state is published already: what cannot be removed now, the next writer removes.
    try? removeStrangers()
  }

  /// A file to be written.
  fileprivate struct NewFile: Sendable {
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
    var columns: [FiledColumns] = []
    for result in written { columns.append(try result.get()) }
    return columns
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

  /// Makes sure that nothing is left of states before this one, for those who promise it.
  func removeFormerFiles() throws(EngineError) {
    try removeStrangers()
    try Store.wrap { () throws(DurabilityError) in try folder.synchronize() }
  }

  /// Removes files of ours that the manifest does not name: what a crash or the last publication left behind. Nobody
  /// ever reads them.
  private func removeStrangers() throws(EngineError) {
    let kept = Set(manifest.entries.map(\.name) + [Manifest.fileName, FolderLock.fileName])
    try Store.wrap { () throws(DurabilityError) in
      for name in try folder.names() where !kept.contains(name) && Store.isOurs(name) {
        try folder.remove(name)
      }
    }
  }

  private static func isOurs(_ name: String) -> Bool {
    guard name.hasSuffix(DataFolder.temporarySuffix) else { return isDataFile(name) }
    let target = String(name.dropLast(DataFolder.temporarySuffix.count))
    return target == Manifest.fileName || isDataFile(target)
  }

  private static func isDataFile(_ name: String) -> Bool {
    let parts = name.split(separator: "-")
    guard parts.count >= 2, parts[0].count >= 8, parts[0].allSatisfy(\.isNumber) else {
      return false
    }
    return ["shared", "shard", "segment"].contains(parts[1])
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
}

extension Store.State {
  /// Notes which segments of changed shards are on disk now. The files of others are about to be removed; whoever still
  /// reads them may go on.
  fileprivate mutating func refile(
    _ shards: [Int: StoredShard], _ files: [Store.NewFile], _ written: [FiledColumns]
  ) {
    for (index, shard) in shards {
      let held = Set(shard.segments.map(ObjectIdentifier.init))
      for known in filed[index] where !held.contains(ObjectIdentifier(known.segment)) {
        known.columns.keepOpen()
      }
      filed[index].removeAll { !held.contains(ObjectIdentifier($0.segment)) }
    }
    for (file, columns) in zip(files, written) {
      guard let segment = file.segment else { continue }
      filed[file.shard].append(FiledSegment(segment: segment, columns: columns))
    }
  }
}

/// A state that is to be saved.
struct UnsavedState: Sendable {
  var shared: SharedImage
  /// The shards that changed, by number; the others stay as they are.
  var shards: [Int: StoredShard]
  /// The last record of the log whose events are in it.
  var logThrough: UInt64
}

/// One shard as it is on disk.
struct StoredShard: Sendable {
  var image = ShardImage.empty
  var segments: [Segment] = []

  /// What does not fit together between files, if anything: codes beyond their dictionary, messages beyond the table.
  func fault(_ shared: SharedImage) -> String? {
    let messageCount = UInt64(image.messages[0].rowCount)
    // Every message has an event; so memory by message is bounded by what is on disk.
    if messageCount > segments.reduce(0, { $0 + UInt64($1.rowCount) }) {
      return "more messages than events"
    }
    for segment in segments where segment.rowCount > 0 {
      if maximum(segment.blocks(.message)) >= messageCount {
        return "an event of a message that is not there"
      }
      for (column, dictionary) in StoredShard.eventCodes
      where maximum(segment.blocks(column)) > UInt64(shared[dictionary].count) {
        return "an event whose \(dictionary.name) is not there"
      }
    }
    for (column, dictionary) in StoredShard.messageCodes
    where maximum(image.messages[Int(column.rawValue)]) > UInt64(shared[dictionary].count) {
      return "a message whose \(dictionary.name) is not there"
    }
    if maximum(image.statedDomains) > UInt64(shared[.domain].count) {
      return "a domain that is not there"
    }
    let attributeCount = UInt64(shared[.attribute].count)
    return image.attributes.allSatisfy { maximum($0) <= attributeCount }
      && image.attributes.count <= shared.recipientAttributeNames.count
      ? nil : "an attribute that is not there"
  }

  private static let eventCodes: [(EventColumn, SharedDictionary)] = [
    (.userAgent, .userAgent), (.link, .link), (.country, .country), (.code, .code),
    (.reason, .reason), (.currency, .currency),
  ]

  private static let messageCodes: [(MessageColumn, SharedDictionary)] = [
    (.campaign, .campaign), (.send, .send), (.variant, .variant), (.template, .template),
    (.sender, .sender), (.subject, .subject),
  ]

  private func maximum(_ column: EncodedColumn) -> UInt64 { maximum(column.blocks) }

  private func maximum(_ blocks: [EncodedBlock]) -> UInt64 {
    blocks.reduce(0) { max($0, $1.maximum) }
  }
}

extension SharedImage {
  subscript(dictionary: SharedDictionary) -> DictionaryPrefix {
    dictionaries[Int(dictionary.rawValue)]
  }
}
