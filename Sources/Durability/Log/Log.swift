// The write-ahead log: records are written in the order of their numbers by whoever comes, and synchronized for all who
// wait together. What it promises, and its bytes, are in docs/formats/wal.md.

package import Base

package final class Log: Sendable {
  private let folder: DataFolder
  private let options: LogOptions
  private let state: Monitor<State>

  private struct State: ~Copyable {
    /// The files that are there, in order; the last is the current one if that is open.
    var files: [File]
    var current: CurrentFile?
    /// The number the next record gets.
    var next: UInt64
    /// The last record that is known to be on disk.
    var durable: UInt64
    /// The last record of which a later one says so.
    var marked: UInt64
    var isSynchronizing = false
    var failure: DurabilityError?
    /// The last time that records were synchronized.
    var lastSynchronization: LogSynchronization?
    /// Bytes of all records that were ever written here, or recovered.
    var byteCount = 0
    /// Bytes of those that are in files which are there.
    var keptByteCount: Int { byteCount - (files.first?.start ?? byteCount) }
    /// The bytes of the record being written.
    var record: [UInt8] = []
  }

  private struct File {
    /// The number of its first record.
    let first: UInt64
    /// Bytes of records before it; 0 for those that were recovered.
    var start: Int
  }

  private struct CurrentFile {
    var handle: LogFileHandle
    var name: String
    var salt: UInt64
    var byteCount: Int
  }

  /// Goes on behind what was recovered, after making that durable: what is torn is cut off, so that recovering again
  /// finds the same.
  package init(
    _ folder: DataFolder, after content: LogContent, options: LogOptions = LogOptions()
  ) throws(LogError) {
    self.folder = folder
    self.options = options
    try LogTail.settle(content, folder)
    state = Monitor(
      State(
        files: content.files.map { File(first: $0, start: 0) }, current: nil, next: content.next,
        durable: content.next - 1, marked: content.durable, byteCount: content.byteCount))
  }

  // MARK: Appending

  /// Writes one record whose payload is `parts` one after the other: at least one byte.
  ///
  /// - Returns: its number, for `synchronize`.
  /// - Throws: `full` when nothing happened and it may be tried again; `failed` when the log takes nothing more.
  package func append(_ parts: [ByteSlice]) throws(LogError) -> UInt64 {
    let (sequence, isFileFull) = try state.update { state throws(LogError) in
      let byteCount = parts.reduce(0) { $0 + $1.count }
      precondition(byteCount > 0, "a record without a payload is a mark")
      guard byteCount <= LogLayout.payloadByteCountMax else {
        throw .tooLarge(byteCount: byteCount)
      }
      let fileByteCount = try write(parts, byteCount, &state)
      state.next += 1
      return (state.next - 1, fileByteCount >= options.fileByteCount)
    }
    // A new file that cannot be opened now is opened later: until then this one grows.
    if isFileFull { try? rotate() }
    return sequence
  }

  /// Writes a record, or a mark if there are no parts.
  ///
  /// - Returns: how large its file is now.
  private func write(
    _ parts: [ByteSlice], _ byteCount: Int, _ state: inout State
  ) throws(LogError) -> Int {
    if let failure = state.failure { throw .failed(failure) }
    var current = try openCurrent(&state)
    LogRecord(byteCount: byteCount, sequence: state.next, durable: state.durable)
      .compose(parts, current.salt, into: &state.record)
    try write(state.record, to: current, &state)
    current.byteCount += state.record.count
    state.current = current
    state.byteCount += state.record.count
    state.marked = state.durable
    return current.byteCount
  }

  /// Writes at the end of the current file, or cuts the file back to it.
  private func write(
    _ record: [UInt8], to current: CurrentFile, _ state: inout State
  ) throws(LogError) {
    do throws(DurabilityError) {
      try folder.writeAll(
        record, to: current.handle.descriptor, current.name, at: current.byteCount)
    } catch {
      // A lack of space is undone and told; everything else ends the log.
      if error.isLackOfSpace, isCutBack(current) { throw .full(error) }
      state.failure = error
      throw .failed(error)
    }
  }

  /// Undoes a write that was refused. That is synchronized, for a power failure must not mix what is written there
  /// next with what was to be written there.
  private func isCutBack(_ file: CurrentFile) -> Bool {
    do throws(DurabilityError) {
      try folder.attempt("cut", file.name) { () throws(SystemError) in
        try folder.system.truncate(file.handle.descriptor, to: file.byteCount)
      }
      try synchronize(file)
      return true
    } catch {
      return false
    }
  }

  // MARK: Files

  private func openCurrent(_ state: inout State) throws(LogError) -> CurrentFile {
    if let current = state.current { return current }
    return try begin(&state)
  }

  /// Begins a file. It is durable, and so is its name, before anything is written behind its header. The one before,
  /// which was synchronized, stays the current one if there can be no new one.
  private func begin(_ state: inout State) throws(LogError) -> CurrentFile {
    let name = LogLayout.name(first: state.next)
    let salt = options.salt()
    let header = LogLayout.header(first: state.next, salt: salt)
    do throws(DurabilityError) {
      // A file without records may have that name already, and its name may not be on disk, although the system, having
      // failed to write it, takes it for written: so a new file is put in its place.
      try folder.write(name, header)
      // From here on there is a file of this name, so no other may go on with its numbers.
      state.current = nil
      try folder.synchronize()
      let handle = LogFileHandle(try folder.open(name, .update, "open"), folder)
      let current = CurrentFile(handle: handle, name: name, salt: salt, byteCount: header.count)
      if state.files.last?.first == state.next { state.files.removeLast() }
      state.files.append(File(first: state.next, start: state.byteCount))
      state.current = current
      return current
    } catch {
      // Nothing was acknowledged in it, and the next attempt makes it anew.
      if error.isTemporary && !error.isFailedSynchronization { throw .full(error) }
      state.failure = error
      throw .failed(error)
    }
  }

  // MARK: Synchronizing

  /// Returns when the record with this number, and all before it, are on disk.
  ///
  /// - Throws: `failed` when they may not be. It is never tried again.
  package func synchronize(through sequence: UInt64) throws(LogError) {
    while let turn = try nextTurn(sequence) {
      let start = MonotonicClock.now()
      let result = Result { () throws(DurabilityError) in try synchronize(turn.file) }
      let end = MonotonicClock.now()
      state.update { state in
        state.isSynchronizing = false
        switch result {
        case .success:
          state.lastSynchronization = LogSynchronization(end: end, duration: end - start)
          // Of a failure only one is told; if it was another, this success may be none.
          if state.failure == nil { state.durable = max(state.durable, turn.last) }
        case .failure(let error): state.failure = state.failure ?? error
        }
      }
    }
  }

  /// Waits until the record is durable (nil), or until it is this thread's turn to synchronize for all.
  private func nextTurn(
    _ sequence: UInt64
  ) throws(LogError) -> (file: CurrentFile, last: UInt64)? {
    typealias Turn = Result<(file: CurrentFile, last: UInt64)?, LogError>
    let turn = state.wait { state -> Turn? in
      if state.durable >= min(sequence, state.next - 1) { return .success(nil) }
      if let failure = state.failure { return .failure(.failed(failure)) }
      guard !state.isSynchronizing, let current = state.current else { return nil }
      state.isSynchronizing = true
      return .success((current, state.next - 1))
    }
    return try turn.get()
  }

  private func synchronize(_ file: CurrentFile) throws(DurabilityError) {
    try folder.attempt("sync", file.name) { () throws(SystemError) in
      try folder.system.synchronize(file.handle.descriptor)
    }
  }

  /// Leaves a mark in the log that everything in it was synchronized, unless a record says so already: evidence
  /// against damage to the last records. It need not be durable itself, and it has no number.
  package func markDurable() {
    state.update { state in
      guard state.durable == state.next - 1, state.marked < state.durable else { return }
      // Without it nothing is lost but the evidence.
      _ = try? write([], 0, &state)
    }
  }

  // MARK: Shortening

  /// Begins a new file, so that the ones before can be removed once their records are saved elsewhere.
  ///
  /// - Throws: `full` when that may be tried again; `failed` when the log takes nothing more.
  package func rotate() throws(LogError) {
    // Of two synchronizations of a file only one would be told of a failure; so nobody else's may be under way.
    state.wait { state -> Void? in
      guard !state.isSynchronizing else { return nil }
      state.isSynchronizing = true
      return ()
    }
    defer { state.update { $0.isSynchronizing = false } }
    try state.update { state throws(LogError) in
      if let failure = state.failure { throw .failed(failure) }
      if let current = state.current {
        guard current.byteCount > LogLayout.headerByteCount else { return }
        try end(current, &state)
      }
      if !state.files.isEmpty { _ = try begin(&state) }
    }
  }

  private func end(_ current: CurrentFile, _ state: inout State) throws(LogError) {
    do throws(DurabilityError) {
      try synchronize(current)
      state.durable = state.next - 1
    } catch {
      state.failure = error
      throw .failed(error)
    }
  }

  /// Removes the files whose records are all below `start`: the state that holds them was published.
  ///
  /// - Returns: whether the current file is the only one that is left.
  @discardableResult package func forget(before start: UInt64) -> Bool {
    state.update { state in
      while state.files.count > 1, state.files[1].first <= start {
        // What cannot be removed now is removed after the next save.
        guard (try? folder.remove(LogLayout.name(first: state.files[0].first))) != nil else {
          return false
        }
        state.files.removeFirst()
      }
      return state.files.count <= 1
    }
  }

  // MARK: What is known of it

  /// The number of the last record.
  package var last: UInt64 { state.update { $0.next - 1 } }

  /// The last record that is known to be on disk.
  package var durable: UInt64 { state.update { $0.durable } }

  /// Bytes of records since the log was last shortened.
  package var byteCount: Int { state.update { $0.keptByteCount } }

  /// The last time that records were synchronized; nil before that.
  package var lastSynchronization: LogSynchronization? { state.update { $0.lastSynchronization } }

  /// Why it takes nothing more, if so.
  package var failure: DurabilityError? { state.update { $0.failure } }
}

/// When records were synchronized, in nanoseconds of `MonotonicClock`.
package struct LogSynchronization: Sendable {
  package var end: Int64
  package var duration: Int64
}

/// How a log is written; what is read is the same.
package struct LogOptions: Sendable {
  /// A file is left for a new one from here on: what is replayed and removed at a time.
  package var fileByteCount = 64 << 20
  /// Where the salt of a new file comes from.
  package var salt: @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }

  package init() {}
}

/// An open log file; it is closed when nobody appends to it or synchronizes it any more.
private final class LogFileHandle: Sendable {
  let descriptor: Int32
  private let folder: DataFolder

  init(_ descriptor: Int32, _ folder: DataFolder) {
    self.descriptor = descriptor
    self.folder = folder
  }

  deinit { folder.system.close(descriptor) }
}
