// Reads the log of a folder from a record on, over all its files. It changes nothing on disk; what it finds torn, a
// writer cuts.

package import Base

/// What is in the log of a folder.
package struct LogContent: Equatable, Sendable {
  /// The number the next record will have.
  package var next: UInt64
  /// Records that were handed out, and the bytes of their payloads.
  package var recordCount = 0
  package var byteCount = 0
  /// Bytes behind the last whole record: written when the power failed, never acknowledged.
  package var tornByteCount = 0
  /// The last record that a later one says was on disk.
  var durable: UInt64
  var tail: Tail?
  /// The first numbers of the files that are there, in order.
  var files: [UInt64] = []

  /// The last file, and how much of it is whole.
  struct Tail: Equatable, Sendable {
    var name: String
    var byteCount: Int
  }

  init(next: UInt64) {
    self.next = next
    durable = next - 1
  }
}

package enum LogRecovery {
  /// Whether a file of this name belongs to the log.
  package static func isLogFile(_ name: String) -> Bool { LogLayout.first(ofName: name) != nil }

  /// Hands out the payloads of the records from `start` on, in order; a payload is valid during the call.
  ///
  /// - Throws: `damaged` where something acknowledged cannot be read; `failed` when the disk refuses.
  package static func read(
    _ folder: DataFolder, from start: UInt64,
    _ body: (UInt64, ByteSlice) throws(RecordFault) -> Void
  ) throws(LogError) -> LogContent {
    var content = LogContent(next: start)
    content.files = try files(folder)
    let relevant = try relevantFiles(content.files, start)
    var buffer = LogBuffer()
    for (index, first) in relevant.enumerated() {
      let name = LogLayout.name(first: first)
      guard index == 0 || first == content.next else {
        throw .damaged(file: name, offset: 0, reason: "records from \(content.next) on are missing")
      }
      try buffer.read(name, folder)
      let scan = LogFileScan(name: name, first: first, bytes: buffer.bytes)
      let end = try scan.forEach(from: start) { sequence, payload throws(RecordFault) in
        content.recordCount += 1
        content.byteCount += payload.count
        try body(sequence, payload)
      }
      try content.take(end, of: scan, buffer.bytes.count, isLast: index == relevant.count - 1)
    }
    guard content.next >= start else {
      throw .damaged(
        file: LogLayout.name(first: relevant.last ?? start), offset: 0,
        reason: "it ends at record \(content.next), before the state that was saved")
    }
    return content
  }

  /// The names of the files that hold records from `start` on, in order.
  package static func fileNames(
    _ folder: DataFolder, from start: UInt64
  ) throws(LogError) -> [String] {
    try relevantFiles(try files(folder), start).map(LogLayout.name(first:))
  }

  static func files(_ folder: DataFolder) throws(LogError) -> [UInt64] {
    do throws(DurabilityError) {
      return try folder.names().compactMap(LogLayout.first).sorted()
    } catch {
      throw .failed(error)
    }
  }

  /// The files that hold records from `start` on.
  private static func relevantFiles(
    _ files: [UInt64], _ start: UInt64
  ) throws(LogError) -> [UInt64] {
    guard let index = files.lastIndex(where: { $0 <= start }) else {
      if files.isEmpty && start == 1 { return [] }
      throw .damaged(
        file: LogLayout.name(first: start), offset: 0,
        reason: "the log file that holds record \(start) is missing")
    }
    return Array(files[index...])
  }
}

extension LogContent {
  fileprivate mutating func take(
    _ end: LogFileScan.End, of scan: LogFileScan, _ byteCount: Int, isLast: Bool
  ) throws(LogError) {
    if end.isTorn && !isLast {
      throw .damaged(
        file: scan.name, offset: end.byteCount,
        reason: "record \(end.next) ends too early, and there is a later file")
    }
    next = end.next
    durable = max(durable, end.durable)
    tornByteCount = byteCount - end.byteCount
    tail = Tail(name: scan.name, byteCount: end.byteCount)
  }
}

/// Memory for one file after the other.
///
/// SAFETY: `bytes` covers the allocated memory that was read; it is valid until the next read.
private struct LogBuffer: ~Copyable {
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 8)
  private(set) var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  mutating func read(_ name: String, _ folder: DataFolder) throws(LogError) {
    do throws(DurabilityError) {
      let descriptor = try folder.open(name, .read, "open")
      defer { folder.system.close(descriptor) }
      let byteCount = try folder.attempt("stat", name) { () throws(SystemError) in
        try folder.system.byteCount(descriptor)
      }
      if memory.count < byteCount {
        memory.deallocate()
        memory = .allocate(byteCount: byteCount, alignment: 8)
      }
      let target = UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount])
      let count = try folder.attempt("read", name) { () throws(SystemError) in
        try folder.system.readAll(descriptor, into: target, at: 0)
      }
      bytes = UnsafeMutableRawBufferPointer(rebasing: target[..<count])
    } catch {
      throw .failed(error)
    }
  }

  deinit { memory.deallocate() }
}
