// Where a worker's events go: into its batch, and from a full batch into the shards, one lock per shard.
//
// SAFETY: `order` has one element per event of the batch, filled by counting before it is read.

internal import Base
internal import Columnar

final class BatchSink {
  private let shared: SharedState
  private let shards: [Shard]
  private var batch: EventBatch
  private(set) var tally: LineTally

  init(
    shared: SharedState, shards: [Shard], options: IngestOptions, tally: LineTally = LineTally()
  ) {
    self.tally = tally
    self.shared = shared
    self.shards = shards
    batch = EventBatch(
      shared: shared, addressPolicy: options.addressPolicy,
      eventCountMax: options.batchEventCount)
  }

  /// Counts a line, and takes its event over if it is one.
  @inline(__always)
  func take(_ outcome: LineOutcome, _ event: Event, line: ByteSlice, file: String) {
    tally.lineCount &+= 1
    switch outcome {
    case .event:
      if let reason = batch.append(event) {
        tally.countRejected(reason, line, file: file)
        return
      }
      tally.countEvent(event.kind)
      if batch.isFull { flush() }
    case .ignored(let reason): tally.countIgnored(reason)
    case .rejected(let reason): tally.countRejected(reason, line, file: file)
    }
  }

  /// Parses whole lines and takes what they say.
  func take(_ lines: ByteSlice, _ parser: inout some LineParser, file: String) {
    var event = Event()
    var start = 0
    while start < lines.count {
      let end = ByteSearch.firstIndex(of: ASCII.newline, in: lines, from: start) ?? lines.count
      var line = lines.slice(from: start, to: end)
      if line.count > 0, line[line.count &- 1] == ASCII.carriageReturn {
        line = line.slice(from: 0, to: line.count &- 1)
      }
      take(parser.parse(line, into: &event), event, line: line, file: file)
      start = end &+ 1
    }
  }

  /// Counts lines that were dropped before anybody could parse them.
  func countTooLong(_ count: Int, file: String) {
    for _ in 0..<count {
      tally.lineCount += 1
      tally.countRejected(.tooLong, .empty, file: file)
    }
  }

  /// Counts the rows of an attribute file.
  func countRow(_ outcome: LineOutcome, key: ByteSlice, file: String) {
    tally.lineCount += 1
    switch outcome {
    case .event: tally.attributeRowCount += 1
    case .ignored(let reason): tally.countIgnored(reason)
    case .rejected(let reason): tally.countRejected(reason, key, file: file)
    }
  }

  /// Hands everything collected to the shards, all of it at one moment for whoever closes the gate.
  func flush() {
    guard !batch.isEmpty else { return }
    let ends = partition()
    shared.gate.enter {
      batch.stateLinks()
      var start = 0
      for (shard, end) in zip(shards, ends) {
        if end > start {
          let indices = UnsafeBufferPointer(start: batch.order.base + start, count: end - start)
          tally.shards += BatchSink.give(batch, indices, to: shard, shared)
        }
        start = end
      }
    }
    batch.clear()
  }

  /// Hands out what takes attributes, at one moment for whoever closes the gate.
  func withAttributes(
    of owner: AttributeOwner, _ body: (AttributeStore) throws(EventFileError) -> Void
  ) throws(EventFileError) {
    let store = AttributeStore(owner: owner, shared: shared, shards: shards)
    try shared.gate.enter { () throws(EventFileError) in try body(store) }
  }

  private static func give(
    _ batch: borrowing EventBatch, _ indices: UnsafeBufferPointer<UInt32>, to shard: Shard,
    _ shared: SharedState
  ) -> ShardCounts {
    shard.withState { $0.take(batch, indices, shared: shared) }
  }

  /// Puts the events' indices in the order of their shards; returns where each shard's end.
  private func partition() -> [Int] {
    let events = batch.events.elements
    var ends = [Int](repeating: 0, count: shards.count)
    for event in events { ends[ShardChoice.shard(of: event.recipientHash)] += 1 }
    var total = 0
    for shard in ends.indices { (ends[shard], total) = (total, total + ends[shard]) }
    let order = batch.order.grow(by: events.count)
    for (index, event) in events.enumerated() {
      let shard = ShardChoice.shard(of: event.recipientHash)
      order[ends[shard]] = UInt32(index)
      ends[shard] += 1
    }
    return ends
  }
}

/// Which shard a recipient lives in: the uppermost bits of its hash, which look-up tables do not use.
package enum ShardChoice {
  package static func shard(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - Columnar.Limits.shardCount.trailingZeroBitCount))
  }
}
