// The write-ahead log: records are written in the order of their numbers by whoever comes, and synchronized for all who
// wait together. What it promises, and its bytes, are in docs/formats/wal.md.
//
// SAFETY: a record is put together in a buffer that is exactly as long as its header, payload and end.

package import Base

package final class Log: Sendable {
  private let folder: DataFolder
  private let state: Monitor<State>

  private struct State: ~Copyable {
    /// The first numbers of the files that are there, in order; the last is the current one if that is open.
    var files: [UInt64]
    var current: CurrentFile?
    /// The number the next record gets.
    var next: UInt64
    /// The last record that is known to be on disk.
    var durable: UInt64
    /// Whether a record since then says so.
    var isDurableMarked = true
    var isSynchronizing = false
    var failure: DurabilityError?
    /// The last time that records were synchronized.
    var lastSynchronization: LogSynchronization?
    /// Bytes of records, since the log was last shortened.
    var byteCount = 0
    var record: [UInt8] = []
  }

  private struct CurrentFile {
    var handle: LogFileHandle
    var name: String
    var salt: UInt64
    var byteCount: Int
  }

  /// Goes on behind what was recovered: what is torn is cut off first, so that recovering again finds the same.
  package init(_ folder: DataFolder, after content: LogContent) throws(LogError) {
    self.folder = folder
    if let torn = content.torn { try Log.cut(torn.name, to: torn.byteCount, folder) }
    state = Monitor(
      State(
        files: content.files, current: nil, next: content.next, durable: content.next - 1,
        byteCount: content.byteCount))
  }

  private static func cut(
    _ name: String, to byteCount: Int, _ folder: DataFolder
  ) throws(LogError) {
    do throws(DurabilityError) {
      let descriptor = try folder.open(name, .update, "open")
      defer { folder.system.close(descriptor) }
      try folder.attempt("cut", name) { () throws(SystemError) in
        try folder.system.truncate(descriptor, to: byteCount)
        try folder.system.synchronize(descriptor)
      }
    } catch {
      throw .failed(error)
    }
  }

  // MARK: Appending

  /// Writes one record whose payload is `parts` one after the other.
  ///
  /// - Returns: its number, for `synchronize`.
  /// - Throws: `full` when nothing happened and it may be tried again; `failed` when the log takes nothing more.
  package func append(_ parts: [ByteSlice]) throws(LogError) -> UInt64 {
    let (sequence, isFileFull) = try state.update { state throws(LogError) in
      let sequence = try append(parts, &state)
      return (sequence, (state.current?.byteCount ?? 0) >= LogLayout.fileByteCount)
    }
    // A new file that cannot be made now is made later: until then this one grows.
    if isFileFull { try? rotate() }
    return sequence
  }

  private func append(_ parts: [ByteSlice], _ state: inout State) throws(LogError) -> UInt64 {
    let payloadByteCount = parts.reduce(0) { $0 + $1.count }
    guard payloadByteCount <= LogLayout.payloadByteCountMax else {
      throw .tooLarge(byteCount: payloadByteCount)
    }
    if let failure = state.failure { throw .failed(failure) }
    var current = try openCurrent(&state)
    Log.compose(parts, payloadByteCount, state.next, state.durable, current.salt, &state.record)
    try write(state.record, to: current, &state)
    current.byteCount += state.record.count
    state.current = current
    state.byteCount += state.record.count
    state.isDurableMarked = state.durable == state.next - 1
    state.next += 1
    return state.next - 1
  }

  private static func compose(
    _ parts: [ByteSlice], _ byteCount: Int, _ sequence: UInt64, _ durable: UInt64,
    _ salt: UInt64, _ record: inout [UInt8]
  ) {
    record.removeAll(keepingCapacity: true)
    record.append(contentsOf: repeatElement(0, count: LogLayout.recordHeaderByteCount))
    for part in parts { record.append(contentsOf: part.buffer) }
    let payload = LogLayout.recordHeaderByteCount..<record.count
    record.withUnsafeMutableBytes {
      LogLayout.combine(UnsafeMutableRawBufferPointer(rebasing: $0[payload]), salt)
    }
    let end = repeatElement(LogLayout.endByte, count: LogLayout.endByteCount(byteCount))
    record.append(contentsOf: end)
    let checksum = record.withUnsafeBufferPointer {
      LogLayout.checksum(of: ByteSlice($0).suffix(from: payload.lowerBound), salt)
    }
    let header = LogLayout.recordHeader(
      byteCount: byteCount, sequence: sequence, durable: durable, payloadChecksum: checksum,
      salt: salt)
    record.replaceSubrange(..<payload.lowerBound, with: header)
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

  private func isCutBack(_ file: CurrentFile) -> Bool {
    do throws(SystemError) {
      try folder.system.retrying { () throws(SystemError) in
        try folder.system.truncate(file.handle.descriptor, to: file.byteCount)
      }
      return true
    } catch {
      return false
    }
  }

  /// The current file; a new one is durable before anything is written behind its header.
  private func openCurrent(_ state: inout State) throws(LogError) -> CurrentFile {
    if let current = state.current { return current }
    let name = LogLayout.name(first: state.next)
    let salt = UInt64.random(in: .min ... .max)
    do throws(DurabilityError) {
      let header = LogLayout.header(first: state.next, salt: salt)
      let handle = LogFileHandle(try folder.open(name, .create, "create"), folder)
      try folder.writeAll(header, to: handle.descriptor, name, at: 0)
      try folder.attempt("sync", name) { () throws(SystemError) in
        try folder.system.synchronize(handle.descriptor)
      }
      try folder.synchronize()
      if state.files.last != state.next { state.files.append(state.next) }
      let current = CurrentFile(handle: handle, name: name, salt: salt, byteCount: header.count)
      state.current = current
      return current
    } catch {
      // Nothing was acknowledged in it, and the next attempt makes it anew.
      if error.isLackOfSpace && error.operation != "sync" { throw .full(error) }
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
          state.durable = max(state.durable, turn.last)
          state.lastSynchronization = LogSynchronization(end: end, duration: end - start)
        case .failure(let error): state.failure = error
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

  /// Leaves a word in the log that everything in it was synchronized, unless a record says so already: evidence
  /// against damage to the last records. It need not be durable itself.
  package func markDurable() {
    let isMissing = state.update { state in
      state.durable == state.next - 1 && !state.isDurableMarked && state.failure == nil
    }
    if isMissing { _ = try? append([]) }
  }

  // MARK: Shortening

  /// Begins a new file, so that the ones before can be removed once their records are saved elsewhere.
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
      if !state.files.isEmpty { _ = try openCurrent(&state) }
    }
  }

  private func end(_ current: CurrentFile, _ state: inout State) throws(LogError) {
    do throws(DurabilityError) {
      try synchronize(current)
      state.durable = state.next - 1
      state.current = nil
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
      while state.files.count > 1, state.files[1] <= start {
        // What cannot be removed now is removed after the next save.
        guard (try? folder.remove(LogLayout.name(first: state.files[0]))) != nil else {
          return false
        }
        state.files.removeFirst()
      }
      state.byteCount = (state.current?.byteCount ?? 0) - LogLayout.headerByteCount
      return state.files.count <= 1
    }
  }

  // MARK: What is known of it

  /// The number of the last record.
  package var last: UInt64 { state.update { $0.next - 1 } }

  /// The last record that is known to be on disk.
  package var durable: UInt64 { state.update { $0.durable } }

  /// Bytes of records since the log was last shortened.
  package var byteCount: Int { state.update { $0.byteCount } }

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
