// Lines that are given to the engine together, and batches of them that wait for it.
//
// SAFETY: a batch lends its bytes for the length of a call; lines are copied in.

internal import Base
internal import Ingest

struct LineBatch: Sendable {
  /// Whole lines with their newlines.
  private(set) var bytes: [UInt8] = []
  private(set) var lineCount = 0

  /// Large enough that a call of the engine is worth it.
  private static let byteCountMax = 262_144

  /// Whether it need not wait for more.
  var isFull: Bool {
    bytes.count >= LineBatch.byteCountMax || lineCount >= StreamWorker.wholeLineCountMax
  }

  /// Whether a line may be added: the engine takes so much as a whole, or not at all.
  func fits(_ line: ByteSlice) -> Bool {
    !isFull && bytes.count + line.count < StreamWorker.wholeByteCountMax
  }

  /// Adds a line. A line end within it becomes a space: a message is one line, whoever wrote it.
  mutating func append(_ line: ByteSlice) {
    lineCount += 1
    let start = bytes.count
    bytes.append(contentsOf: line.buffer)
    bytes.append(ASCII.newline)
    guard ByteSearch.firstIndex(of: ASCII.newline, in: line) != nil else { return }
    for index in start..<bytes.count - 1 where bytes[index] == ASCII.newline {
      bytes[index] = ASCII.space
    }
  }

  /// What the lines are; nil when no format reads them.
  var kind: FileKind? {
    let kind = bytes.withUnsafeBufferPointer { buffer in
      let all = ByteSlice(buffer)
      let head = all.slice(from: 0, to: min(all.count, Limits.detectionByteCountMax))
      return FileKind.detect(name: "-", head: head)
    }
    // Attributes come in files.
    if case .attributes = kind { return nil }
    return kind
  }
}

/// Batches in the order in which their lines came.
struct LineQueue {
  private var batches: [LineBatch] = []
  private(set) var byteCount = 0

  var isEmpty: Bool { batches.isEmpty }

  var lineCount: Int { batches.reduce(0) { $0 + $1.lineCount } }

  /// The batch that is next.
  var first: LineBatch? { batches.first }

  /// Whether the next batch need not wait for more lines.
  var hasFullBatch: Bool { batches.count > 1 || batches.first?.isFull == true }

  mutating func append(_ line: ByteSlice) {
    if batches.last?.fits(line) != true { batches.append(LineBatch()) }
    batches[batches.count - 1].append(line)
    byteCount += line.count + 1
  }

  mutating func popFirst() -> LineBatch? {
    guard !batches.isEmpty else { return nil }
    let batch = batches.removeFirst()
    byteCount -= batch.bytes.count
    return batch
  }

  /// Takes back a batch that was the first.
  mutating func putBack(_ batch: LineBatch) {
    batches.insert(batch, at: 0)
    byteCount += batch.bytes.count
  }
}
