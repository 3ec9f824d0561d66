// Analyses one block after another, lets every codec that could win state its size, and writes the
// smallest.
//
// SAFETY: the payload always ends with `EncodedColumn.slackByteCount` bytes after what was written,
// and `reserve` makes room for a block before its codec writes.

struct ColumnEncoder: ~Copyable {
  private let forcing: Encoding?
  private let workspace: BlockWorkspace
  private(set) var blocks: [EncodedBlock] = []
  private var payload = [UInt8](repeating: 0, count: EncodedColumn.slackByteCount)

  init(forcing encoding: Encoding?, _ workspace: BlockWorkspace = BlockWorkspace()) {
    forcing = encoding
    self.workspace = workspace
  }

  /// Encodes one block of 1 to `Limits.blockRowCount` values.
  mutating func append<Word: ColumnWord>(_ values: UnsafeBufferPointer<Word>) {
    precondition(1...Limits.blockRowCount ~= values.count)
    var row = 0
    while row < values.count {
      workspace.values[row] = UInt64(values[row])
      row &+= 1
    }
    append(UnsafeBufferPointer(start: workspace.values, count: values.count))
  }

  /// Encodes one block of 1 to `Limits.blockRowCount` values.
  mutating func append(_ values: UnsafeBufferPointer<UInt64>) {
    precondition(1...Limits.blockRowCount ~= values.count)
    var block = plan(values)
    block.offset = reserve(block.payloadByteCount(rowCount: values.count))
    write(block, values)
    blocks.append(block)
  }

  /// The column of all blocks so far.
  func column(rowCount: Int) -> EncodedColumn {
    EncodedColumn(rowCount: rowCount, blocks: blocks, pieces: [exactPayload()])
  }

  /// The payload of all blocks and the slack, in no more memory than it takes.
  func exactPayload() -> [UInt8] {
    payload.withUnsafeBytes { bytes in
      EncodedColumn.padded(
        UnsafeRawBufferPointer(rebasing: bytes.dropLast(EncodedColumn.slackByteCount)))
    }
  }

  /// Appends zeros for a block's payload and returns where it starts.
  private mutating func reserve(_ byteCount: Int) -> Int {
    let offset = payload.count - EncodedColumn.slackByteCount
    payload.append(contentsOf: repeatElement(0, count: byteCount))
    return offset
  }

  private mutating func plan(_ values: UnsafeBufferPointer<UInt64>) -> EncodedBlock {
    if forcing == nil, BlockStatistics.isConstant(values) {
      return EncodedBlock(.constant, minimum: values[0], maximum: values[0])
    }
    let statistics = BlockStatistics(values)
    if let forcing { return plan(forcing, statistics, values) }
    var choice = BlockChoice(plain(statistics), rowCount: values.count)
    let scale = statistics.scale(of: values)
    choice.offer(BitPackedCodec.plan(statistics, scale: scale))
    offerDictionary(to: &choice, statistics, values, scale: scale)
    offerRunLength(to: &choice, statistics, values, scale: scale)
    offerDifferences(to: &choice, statistics, values, scale: scale)
    return choice.best
  }

  private mutating func offerDictionary(
    to choice: inout BlockChoice, _ statistics: BlockStatistics,
    _ values: UnsafeBufferPointer<UInt64>, scale: UInt64
  ) {
    let width = statistics.distanceWidth(scale: scale)
    let countMax = DictionaryCodec.entryCountMax(
      rowCount: values.count, entryWidth: width, below: choice.byteCount)
    guard countMax > 1, workspace.distinct.collect(values, countMax: countMax) else { return }
    choice.offer(
      DictionaryCodec.plan(statistics, entryCount: workspace.distinct.count, scale: scale))
  }

  private func offerRunLength(
    to choice: inout BlockChoice, _ statistics: BlockStatistics,
    _ values: UnsafeBufferPointer<UInt64>, scale: UInt64
  ) {
    let width = statistics.distanceWidth(scale: scale)
    let runs = statistics.runCount
    // The longest run is at least as long as the average, which bounds the bits of a length from
    // below.
    let lengthWidth = BitPacking.width(maximum: UInt64((values.count - 1) / runs))
    let least =
      BitPacking.byteCount(runs, width: width) + BitPacking.byteCount(runs, width: lengthWidth)
    guard least < choice.byteCount else { return }
    choice.offer(RunLengthCodec.plan(statistics, values, scale: scale))
  }

  private func offerDifferences(
    to choice: inout BlockChoice, _ statistics: BlockStatistics,
    _ values: UnsafeBufferPointer<UInt64>, scale: UInt64
  ) {
    // Differences of multiples are multiples: the values' scale tells whether the steps' own is
    // worth finding.
    let width = BitPacking.width(maximum: statistics.stepRange / scale)
    let grouped = GroupedDeltaCodec.plan(statistics, values, scale: scale)
    guard
      BitPacking.byteCount(values.count, width: width) < choice.byteCount
        || grouped.map(choice.isBeaten) ?? false
    else { return }
    let stepScale = statistics.stepScale(of: values)
    choice.offer(DeltaCodec.plan(statistics, first: values[0], scale: stepScale))
    if let grouped {
      choice.offer(
        stepScale == scale
          ? grouped : GroupedDeltaCodec.plan(statistics, values, scale: stepScale) ?? grouped)
    }
  }

  /// The header of a block in one given codec, or in plain if that codec cannot represent it.
  private mutating func plan(
    _ encoding: Encoding, _ statistics: BlockStatistics, _ values: UnsafeBufferPointer<UInt64>
  ) -> EncodedBlock {
    switch encoding {
    case .constant where statistics.minimum == statistics.maximum:
      return statistics.header(.constant)
    case .plain, .constant:
      return plain(statistics)
    case .bitPacked:
      return BitPackedCodec.plan(statistics, scale: statistics.scale(of: values))
    case .runLength:
      return RunLengthCodec.plan(statistics, values, scale: statistics.scale(of: values))
    case .dictionary:
      let countMax = EncodedBlock.dictionaryEntryCountMax
      guard workspace.distinct.collect(values, countMax: countMax) else { return plain(statistics) }
      return DictionaryCodec.plan(
        statistics, entryCount: workspace.distinct.count, scale: statistics.scale(of: values))
    case .delta:
      return DeltaCodec.plan(
        statistics, first: values[0], scale: statistics.stepScale(of: values))
    case .groupedDelta:
      return GroupedDeltaCodec.plan(
        statistics, values, scale: statistics.stepScale(of: values)) ?? plain(statistics)
    }
  }

  private func plain(_ statistics: BlockStatistics) -> EncodedBlock {
    var block = statistics.header(.plain)
    block.width = PlainCodec.width(maximum: statistics.maximum)
    return block
  }

  private mutating func write(_ block: EncodedBlock, _ values: UnsafeBufferPointer<UInt64>) {
    payload.withUnsafeMutableBytes { [workspace] bytes in
      guard let start = bytes.baseAddress else { return }
      let integers = workspace.integers
      let target = start + block.offset
      switch block.encoding {
      case .plain: PlainCodec.encode(values, width: block.width, into: target)
      case .constant: break
      case .bitPacked: BitPackedCodec.encode(block, values, integers: integers, into: target)
      case .runLength: RunLengthCodec.encode(block, values, integers: integers, into: target)
      case .delta: DeltaCodec.encode(block, values, integers: integers, into: target)
      case .groupedDelta:
        GroupedDeltaCodec.encode(block, values, integers: integers, into: target)
      case .dictionary:
        DictionaryCodec.encode(
          block, workspace, rowCount: values.count, into: target)
      }
    }
  }
}

/// The smallest of the plans offered; the earlier one when two are equal, because codecs are
/// offered in the order of their decoding speed.
private struct BlockChoice {
  private let rowCount: Int
  private(set) var best: EncodedBlock
  private(set) var byteCount: Int

  init(_ first: EncodedBlock, rowCount: Int) {
    self.rowCount = rowCount
    best = first
    byteCount = first.payloadByteCount(rowCount: rowCount)
  }

  func isBeaten(by plan: EncodedBlock) -> Bool {
    plan.payloadByteCount(rowCount: rowCount) < byteCount
  }

  mutating func offer(_ plan: EncodedBlock) {
    guard isBeaten(by: plan) else { return }
    (best, byteCount) = (plan, plan.payloadByteCount(rowCount: rowCount))
  }
}
