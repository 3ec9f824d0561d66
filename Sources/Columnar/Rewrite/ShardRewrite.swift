// A shard made anew: without the rows that go, which is the one mechanism behind retention and forgetting
// (docs/SEMANTICS.md, "What is removed", says what must come out), or with its messages in the order of their sends.
// What goes leaves messages and recipients in their old order, numbered densely; what nobody names any more is in no
// table and no dictionary afterwards. The shard it is made from stays as it is.

internal import Base

package struct ShardRewrite: Sendable {
  /// What goes.
  package struct Removal: Sendable {
    package var cutoffs: TimeCutoffs
    /// The ordinals of recipients that go with everything they have.
    package var recipients: [UInt32]

    package init(cutoffs: TimeCutoffs = TimeCutoffs(), recipients: [UInt32] = []) {
      self.cutoffs = cutoffs
      self.recipients = recipients
    }
  }

  package let image: ShardImage
  package let segments: [Segment]

  /// Rewrites a shard; nil when nothing of it goes.
  ///
  /// - Parameters:
  ///   - machineMarks: by user-agent code, 1 for a machine; codes beyond are people's.
  ///   - segmentRowCountMax: rows per segment.
  ///   - forcing: the codec of every block; for tests.
  package init?(
    _ image: ShardImage, _ segments: [Segment], removing removal: Removal,
    machineMarks: [UInt8] = [], segmentRowCountMax: Int = Limits.segmentRowCountMax,
    forcing: Encoding? = nil
  ) {
    guard
      !removal.recipients.isEmpty || segments.contains(where: removal.cutoffs.mayReach(into:))
    else { return nil }
    let old = TableRewrite(image, forcing: forcing)
    let selection = RowSelection(
      segments, messageCount: old.messageCount, removal.cutoffs,
      removedMessages: old.messages(of: removal.recipients))
    guard !removal.recipients.isEmpty || selection.removedCount > 0 else { return nil }
    let messages = Numbering(selection.messages, count: old.messageCount)
    let recipients = Numbering(
      old.recipients(of: selection.messages, without: removal.recipients),
      count: image.recipients.count)
    self.image = old.image(messages, recipients)
    let merge = SegmentMerge(
      selection: selection, messageNumbers: messages.numbers, machineMarks: machineMarks)
    self.segments = merge.segments(rowCountMax: segmentRowCountMax, forcing: forcing)
  }

  /// Numbers messages by when they were sent; nil when they are numbered so already, but for a few.
  ///
  /// - Parameters: as above.
  package init?(
    inOrderOfSends image: ShardImage, _ segments: [Segment], machineMarks: [UInt8] = [],
    segmentRowCountMax: Int = Limits.segmentRowCountMax, forcing: Encoding? = nil
  ) {
    let order = SendOrder(segments, messageCount: image.messages[0].rowCount)
    guard order.isBroken else { return nil }
    let messages = Numbering(order: order.messages)
    self.image = TableRewrite(image, forcing: forcing).image(messages)
    let merge = SegmentMerge(
      selection: RowSelection(all: segments), messageNumbers: messages.numbers,
      machineMarks: machineMarks)
    self.segments = merge.segments(rowCountMax: segmentRowCountMax, forcing: forcing)
  }
}

/// New numbers, dense.
struct Numbering {
  /// The old numbers of those that stay, in their new order.
  private(set) var old: [UInt32] = []
  /// By old number; `gone` for those that do not stay.
  private(set) var numbers: [UInt32]

  static let gone = UInt32.max

  /// In the old order for the members of a set.
  ///
  /// - Parameter count: numbers are below it.
  init(_ kept: Bitmap, count: Int) {
    numbers = [UInt32](repeating: Numbering.gone, count: count)
    old.reserveCapacity(kept.count)
    kept.forEach { number in
      numbers[number] = UInt32(old.count)
      old.append(UInt32(number))
    }
  }

  /// In another order for all.
  init(order: [UInt32]) {
    old = order
    numbers = [UInt32](repeating: Numbering.gone, count: order.count)
    for (number, old) in order.enumerated() { numbers[Int(old)] = UInt32(number) }
  }
}
