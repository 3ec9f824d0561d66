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
    var filed = Store.nothingFiled
  }

  /// The files of the state that was last saved.
  var manifest: Manifest { state.update { $0.manifest } }

  fileprivate struct FiledSegment {
    var segment: Segment
    var columns: FiledColumns

    var entry: Manifest.Entry { columns.entry }
  }

  private static var nothingFiled: [[FiledSegment]] {
    [[FiledSegment]](repeating: [], count: Columnar.Limits.shardCount)
  }

  /// Opens the directory; for writing it is created when it is missing, and locked.
  init(
    path: String, isWriter: Bool, memory: MemoryBudget? = nil,
    system: any FileSystem = SystemCalls()
  ) throws(EngineError) {
    folder = DataFolder(path: path, system: system)
    self.memory = memory
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
  func load() throws(EngineError) -> (shared: SharedImage, shards: [StoredShard]) {
    let manifest = try readManifest()
    var filed = Store.nothingFiled
    var shared = SharedImage()
    var shards = (0..<Columnar.Limits.shardCount).map { _ in StoredShard() }
    var loading = Loading(memory)
    // Tables first: what they leave of the budget is for segments.
    let entries = manifest.entries
    for entry in entries.filter({ $0.role != .segment }) + entries.filter({ $0.role == .segment }) {
      let bytes = try read(entry)
      do throws(SectionFileError) {
        switch entry.role {
        case .shared: shared = try SharedImage(reading: bytes)
        case .shard:
          let image = try ShardImage(reading: bytes)
          shards[Int(entry.shard)].image = image
          loading.add(image, isWriter: isWriter)
        case .segment:
          let segment = try SegmentFile.read(bytes)
          let columns = FiledColumns(cold, entry, try SegmentFile.places(bytes))
          let known = FiledSegment(segment: segment, columns: columns)
          filed[Int(entry.shard)].append(known)
          loading.add(known)
          shards[Int(entry.shard)].segments.append(segment)
        }
      } catch {
        throw .damaged("\(folder.path)/\(entry.name): \(error.reason)")
      }
    }
    for (index, shard) in shards.enumerated() {
      guard let fault = shard.fault(shared) else { continue }
      throw .damaged("\(folder.path): shard \(index): \(fault)")
    }
    state.update { [filed] in $0 = State(manifest: manifest, filed: filed) }
    return (shared, shards)
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

  /// The budget while files are read one after the other.
  private struct Loading {
    private let byteCountMax: Int?
    private var byteCount = 0
    private var warm: [FiledSegment] = []
    private var cooledCount = 0

    init(_ memory: MemoryBudget?) { byteCountMax = memory?.residentMax }

    mutating func add(_ image: ShardImage, isWriter: Bool) {
      byteCount += image.byteCount
      byteCount += image.messages[0].rowCount * MessageStates.byteCountPerMessage
    }

    mutating func add(_ known: FiledSegment) {
      guard let byteCountMax else { return }
      byteCount += known.segment.byteCount
      warm.append(known)
      while byteCount > byteCountMax, cooledCount < warm.count {
        let oldest = warm[cooledCount]
        byteCount -= oldest.segment.payloadByteCount
        oldest.segment.cool(oldest.columns)
        cooledCount += 1
      }
    }
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
    let written = Monitor(
      [Result<FiledColumns, EngineError>?](repeating: nil, count: files.count))
    Threads.forEach(files.count, threadCount: Store.writerCount) { index in
      let result = Result { () throws(EngineError) in
        try self.write(files[index], number + UInt64(index))
      }
      written.update { $0[index] = result }
    }
    var columns: [FiledColumns] = []
    for result in written.update({ $0.compactMap { $0 } }) { columns.append(try result.get()) }
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
      filed[file.shard].append(Store.FiledSegment(segment: segment, columns: columns))
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
