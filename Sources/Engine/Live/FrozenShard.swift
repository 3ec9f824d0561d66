// What is published of one shard, brought up to date by what changed in it: changed blocks of its tables are encoded,
// the others are shared with the state before.

internal import Base
internal import Columnar
internal import Ingest

struct FrozenShard {
  private(set) var stored: StoredShard
  /// How many of its segments are full; the others hold open rows.
  private var fullCount: Int
  private var open: OpenSegments
  private let forcing: Encoding?

  init(_ stored: StoredShard, _ configuration: ShardConfiguration) {
    self.stored = stored
    forcing = configuration.forcing
    let openCount = ShardState.reopenedCount(stored.segments, configuration.segmentRowCountMax)
    fullCount = stored.segments.count - openCount
    open = OpenSegments(segments: Array(stored.segments.suffix(openCount)))
  }

  /// The shard with its messages in the order of their sends, where that pays; nil where it does not.
  ///
  /// - Parameter machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  func inOrderOfSends(
    _ configuration: ShardConfiguration, machineMarks: [UInt8]
  ) -> FrozenShard? {
    let rewrite = ShardRewrite(
      inOrderOfSends: stored.image, stored.segments, machineMarks: machineMarks,
      segmentRowCountMax: configuration.segmentRowCountMax, forcing: configuration.forcing)
    return rewrite.map {
      FrozenShard(StoredShard(image: $0.image, segments: $0.segments), configuration)
    }
  }

  /// Takes over what changed.
  ///
  /// - Parameter machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  mutating func update(_ capture: ShardCapture, machineMarks: [UInt8]) -> ShardChange {
    let fresh = Array(capture.segments[fullCount...])
    let replaced = fresh.isEmpty ? [] : open.segments
    if !fresh.isEmpty {
      fullCount = capture.segments.count
      open = OpenSegments(segments: [])
    }
    let freshRows = capture.rows.suffix(from: open.rowCount)
    open.update(capture.rows, machineMarks: machineMarks, forcing: forcing)
    stored.segments = capture.segments + open.segments
    updateImage(capture)
    return ShardChange(
      messageBlocks: capture.messages.blocks,
      recipientBlocks: capture.statedDomains.patches.map(\.block),
      segments: fresh, replaced: replaced, rows: freshRows)
  }

  private mutating func updateImage(_ capture: ShardCapture) {
    stored.image.recipients = capture.recipients
    for (index, column) in MessageTable.storedColumns.enumerated() {
      stored.image.messages[index] = stored.image.messages[index].patched(
        capture.messages.patches(column), rowCount: capture.messages.rowCount, forcing: forcing)
    }
    stored.image.statedDomains = patched(stored.image.statedDomains, capture.statedDomains)
    for (index, attribute) in capture.attributes.enumerated() {
      if index == stored.image.attributes.count { stored.image.attributes.append(.empty) }
      stored.image.attributes[index] = patched(stored.image.attributes[index], attribute)
    }
  }

  private func patched(_ column: EncodedColumn, _ capture: ColumnCapture) -> EncodedColumn {
    column.patched(capture.patches, rowCount: capture.rowCount, forcing: forcing)
  }
}

/// What changed in a shard from one frozen state to the next.
struct ShardChange: Sendable {
  /// Blocks of messages that are new or have other attributes, ascending.
  var messageBlocks: [Int]
  /// Blocks of recipients that are new or have another stated domain, ascending.
  var recipientBlocks: [Int]
  /// Segments that are new. Some of their rows may have been there before: those of `replaced`.
  var segments: [Segment]
  /// Segments whose rows are all in new ones now.
  var replaced: [Segment] = []
  /// Rows that are new and in none of `segments`.
  var rows: RowRun?

  /// Whether there are new sends.
  var bringsSends: Bool {
    segments.contains { !$0.rows(ofKind: EventKind.sent.rawValue).isEmpty }
      || rows?.contains(.sent) ?? false
  }

  /// Everything there is.
  init(_ stored: StoredShard) {
    messageBlocks = Array(stored.image.messages[0].blocks.indices)
    recipientBlocks = Array(stored.image.statedDomains.blocks.indices)
    segments = stored.segments
  }

  init(
    messageBlocks: [Int], recipientBlocks: [Int], segments: [Segment], replaced: [Segment],
    rows: RowRun?
  ) {
    self.messageBlocks = messageBlocks
    self.recipientBlocks = recipientBlocks
    self.segments = segments
    self.replaced = replaced
    self.rows = rows
  }
}
