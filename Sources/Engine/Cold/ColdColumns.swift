// Columns that are on disk only: reads them when they are asked for, keeps the last ones for a while, and remembers
// what could not be read, so that no answer is made of it.

internal import Base
internal import Columnar
internal import Durability

final class ColdColumns: Sendable {
  private let folder: DataFolder
  private let state: Monitor<State>

  private struct State {
    var cache: ColumnCache
    var failureCount = 0
    var lastFailure: EngineError?
  }

  /// - Parameter cacheByteCountMax: of the columns that are kept.
  init(_ folder: DataFolder, cacheByteCountMax: Int) {
    self.folder = folder
    state = Monitor(State(cache: ColumnCache(byteCountMax: cacheByteCountMax)))
  }

  /// Bytes of the columns that are kept.
  var byteCount: Int { state.update { $0.cache.byteCount } }

  /// Changes how much is kept.
  func limit(to byteCountMax: Int) { state.update { $0.cache.limit(to: byteCountMax) } }

  // MARK: Reading

  /// A column of a file; nil when it cannot be read.
  func column(
    _ column: EventColumn, of file: FiledColumns, like blocks: [EncodedBlock]
  ) -> EncodedColumn? {
    let key = ColumnCache.Key(file: file.entry.number, column: column)
    if let known = state.update({ $0.cache.take(key) }) { return known }
    do throws(EngineError) {
      let found = try read(column, file, blocks)
      state.update { $0.cache.insert(found, key) }
      return found
    } catch {
      state.update { [error] state in
        state.failureCount += 1
        state.lastFailure = error
      }
      return nil
    }
  }

  private func read(
    _ column: EventColumn, _ file: FiledColumns, _ blocks: [EncodedBlock]
  ) throws(EngineError) -> EncodedColumn {
    let place = file.places[Int(column.rawValue)]
    let source = if let kept = file.kept { kept } else { try open(file.entry.name) }
    let stored = try Store.wrap { () throws(DurabilityError) in
      try source.read(at: place.offset, byteCount: place.storedByteCount)
    }
    do throws(SectionFileError) {
      return try SegmentFile.read(column, from: stored, at: place, like: blocks)
    } catch {
      throw .damaged("\(folder.path)/\(file.entry.name): \(error.reason)")
    }
  }

  fileprivate func open(_ name: String) throws(EngineError) -> OpenFile {
    guard folder.contains(name) else { throw .damaged("\(folder.path)/\(name) is missing") }
    return try Store.wrap { () throws(DurabilityError) in try OpenFile(folder, name) }
  }

  // MARK: Failures

  /// How many columns could not be read so far.
  var failureCount: Int { state.update { $0.failureCount } }

  /// Why a column could not be read, if that happened to anybody since the count was `count`.
  func failure(since count: Int) -> EngineError? {
    state.update { $0.failureCount == count ? nil : $0.lastFailure }
  }

  /// Runs `body`, whose result is worth nothing if a column could not be read meanwhile.
  ///
  /// - Throws: why it could not be read.
  func checking<Value>(_ body: () throws(EngineError) -> Value) throws(EngineError) -> Value {
    let count = failureCount
    let value = try body()
    if let failure = failure(since: count) { throw failure }
    return value
  }
}

/// The columns of one file.
final class FiledColumns: SegmentSource {
  let entry: Manifest.Entry
  /// By column.
  let places: [SectionPlace]
  private let cold: ColdColumns
  private let file = Monitor<OpenFile?>(nil)

  init(_ cold: ColdColumns, _ entry: Manifest.Entry, _ places: [SectionPlace]) {
    self.cold = cold
    self.entry = entry
    self.places = places
  }

  func load(_ column: EventColumn, like blocks: [EncodedBlock]) -> EncodedColumn? {
    cold.column(column, of: self, like: blocks)
  }

  /// Keeps the file open as long as anybody holds these columns: its name is about to be removed, and queries that
  /// run go on reading. Where no descriptor is left they start again instead.
  func keepOpen() {
    let opened = try? cold.open(entry.name)
    file.update { $0 = opened }
  }

  fileprivate var kept: OpenFile? { file.update { $0 } }
}
