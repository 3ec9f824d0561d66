// A shard without the rows that go: the one mechanism behind retention and forgetting. docs/SEMANTICS.md, "What is
// removed", says what must come out.
//
// Messages and recipients are numbered anew, densely and in their old order; what nobody names any more is in no table
// and no dictionary afterwards. The shard it is made from stays as it is.

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
}

/// New numbers, dense and in the old order, for the members of a set.
struct Numbering {
  /// The old numbers of those that stay, ascending.
  private(set) var old: [UInt32] = []
  /// By old number; `gone` for those that do not stay.
  private(set) var numbers: [UInt32]

  static let gone = UInt32.max

  /// - Parameter count: numbers are below it.
  init(_ kept: Bitmap, count: Int) {
    numbers = [UInt32](repeating: Numbering.gone, count: count)
    old.reserveCapacity(kept.count)
    kept.forEach { number in
      numbers[number] = UInt32(old.count)
      old.append(UInt32(number))
    }
  }
}
