// Puts a state together from the content of its files, and keeps what is in memory meanwhile within the budget.

internal import Columnar

/// What a file holds, checked.
enum FileContent: Sendable {
  case shared(SharedImage)
  case shard(ShardImage)
  case segment(FiledSegment)
}

/// A segment and its file.
struct FiledSegment: Sendable {
  var segment: Segment
  var columns: FiledColumns

  var entry: Manifest.Entry { columns.entry }

  /// By shard: no segments.
  static var none: [[FiledSegment]] {
    [[FiledSegment]](repeating: [], count: Columnar.Limits.shardCount)
  }
}

struct Loading {
  private(set) var shared = SharedImage()
  private(set) var shards = (0..<Columnar.Limits.shardCount).map { _ in StoredShard() }
  /// By shard.
  private(set) var filed = FiledSegment.none
  private let byteCountMax: Int?
  private var byteCount = 0
  private var warm: [FiledSegment] = []
  private var cooledCount = 0

  init(_ memory: MemoryBudget?) { byteCountMax = memory?.residentMax }

  /// Adds a file; those with tables come first.
  mutating func add(_ content: FileContent, of entry: Manifest.Entry) {
    switch content {
    case .shared(let image): shared = image
    case .shard(let image):
      shards[Int(entry.shard)].image = image
      byteCount += image.byteCount
      byteCount += image.messages[0].rowCount * Derivation.byteCountPerMessage
    case .segment(let known):
      filed[Int(entry.shard)].append(known)
      shards[Int(entry.shard)].segments.append(known.segment)
      byteCount += known.segment.byteCount
      warm.append(known)
      cool()
    }
  }

  /// Lets the segments that came first give up their payloads, as many as need be.
  private mutating func cool() {
    guard let byteCountMax else { return }
    while byteCount > byteCountMax, cooledCount < warm.count {
      let oldest = warm[cooledCount]
      byteCount -= oldest.segment.payloadByteCount
      oldest.segment.cool(oldest.columns)
      cooledCount += 1
    }
  }
}
