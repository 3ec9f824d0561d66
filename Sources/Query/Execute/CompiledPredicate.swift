// A predicate ready to run over one shard. A leaf whose codes are few was answered once per code; what is left per row
// is a table look-up. Truth values are bytes (0 no, 1 unknown, 2 yes), so AND is min, OR is max, NOT is 2 - x.
//
// SAFETY: truth buffers have one byte per row; tables have one byte per possible code.

internal import Base
internal import Columnar

indirect enum CompiledPredicate {
  /// By code.
  case table(Dimension, [UInt8])
  /// The recipient with this ordinal.
  case recipient(UInt32)
  /// Per row, for codes too many to list.
  case rows(Dimension, Test)
  case and([CompiledPredicate])
  case or([CompiledPredicate])
  case not(CompiledPredicate)
  case constant(Truth)
  case term(TermTest)
  /// The event's stored time lies in a range.
  case during(ClosedRange<UInt64>)

  init(_ predicate: Predicate, _ context: ShardContext) {
    switch predicate {
    case .constant(let truth): self = .constant(truth)
    case .not(let term): self = .not(CompiledPredicate(term, context))
    case .and(let terms): self = .and(terms.map { CompiledPredicate($0, context) })
    case .or(let terms): self = .or(terms.map { CompiledPredicate($0, context) })
    case .term(let term): self = .term(TermTest(term, context))
    case .during(let range):
      self = .during(TimeBias.store(range.lowerBound)...TimeBias.store(range.upperBound))
    case .test(.recipient, .compare(.equal, .text(let wanted))):
      self = CompiledPredicate.recipient(wanted, context)
    case .test(let dimension, let test):
      if let table = CompiledPredicate.table(dimension, test, context) {
        self = .table(dimension, table)
      } else {
        self = .rows(dimension, test)
      }
    }
  }

  /// Tables up to this size cost nothing worth counting; larger ones only where there are as many rows to look up.
  /// One event with a wrong clock stretches the hours of a data directory to a million.
  private static let freeTableCount = 1024

  private static func table(
    _ dimension: Dimension, _ test: Test, _ context: ShardContext
  ) -> [UInt8]? {
    guard let count = context.query.codeCount(dimension, context.shard) else { return nil }
    if case .isAmong(let set) = test { return set.truths(shard: context.index, count: count) }
    if let wanted = test.equalText { return table(dimension, equalTo: wanted, count, context) }
    guard count <= max(freeTableCount, context.rowCount) else { return nil }
    return (0..<count).map { code in
      return test.truth(of: context.query.value(dimension, Code(code), shard: context.shard))
        .rawValue
    }
  }

  /// A recipient lives in one shard, which its hash tells; none is NULL.
  private static func recipient(_ wanted: [UInt8], _ context: ShardContext) -> CompiledPredicate {
    wanted.withUnsafeBufferPointer { buffer in
      let wanted = ByteSlice(buffer)
      guard Sharding.shard(of: Hash.of(wanted)) == context.index,
        let ordinal = context.shard.people.ordinal(of: wanted, in: context.shard)
      else { return .constant(.no) }
      return .recipient(ordinal)
    }
  }

  /// `= 'text'` over a dictionary: bytes are compared where they lie.
  private static func table(
    _ dimension: Dimension, equalTo wanted: [UInt8], _ count: Int, _ context: ShardContext
  ) -> [UInt8]? {
    guard let dictionary = context.query.dictionary(of: dimension) else {
      return (0..<count).map { code in
        let value = context.query.value(dimension, Code(code), shard: context.shard)
        return Test.compare(.equal, .text(wanted)).truth(of: value).rawValue
      }
    }
    var table = [UInt8](repeating: Truth.no.rawValue, count: count)
    table[0] = Truth.unknown.rawValue
    wanted.withUnsafeBufferPointer { buffer in
      if let ordinal = dictionary.ordinal(of: ByteSlice(buffer)) {
        table[Int(ordinal) + 1] = Truth.yes.rawValue
      }
    }
    return table
  }

  /// Whether it can be true at all: a constant that no dictionary knows makes it false everywhere.
  var mayBeTrue: Bool {
    switch self {
    case .constant(let truth): truth == .yes
    case .table(_, let table): table.contains(Truth.yes.rawValue)
    case .and(let terms): terms.allSatisfy(\.mayBeTrue)
    case .or(let terms): terms.contains(where: \.mayBeTrue)
    case .recipient, .rows, .not, .term, .during: true
    }
  }

  /// The truth for events of a kind, where nothing but the kind decides it.
  func truth(ofKind kind: EventKind) -> Truth? {
    switch self {
    case .constant(let truth): return truth
    case .table(.kind, let table): return Truth(rawValue: table[Int(kind.rawValue)])
    case .not(let term):
      return term.truth(ofKind: kind).flatMap { Truth(rawValue: 2 - $0.rawValue) }
    case .and(let terms): return CompiledPredicate.truth(terms, kind, min)
    case .or(let terms): return CompiledPredicate.truth(terms, kind, max)
    case .table, .recipient, .rows, .term, .during: return nil
    }
  }

  private static func truth(
    _ terms: [CompiledPredicate], _ kind: EventKind, _ combine: (UInt8, UInt8) -> UInt8
  ) -> Truth? {
    let truths = terms.compactMap { $0.truth(ofKind: kind)?.rawValue }
    guard truths.count == terms.count, let first = truths.first else { return nil }
    return Truth(rawValue: truths.dropFirst().reduce(first, combine))
  }

  /// The truth for every message; all leaves are message dimensions.
  func messages(_ context: ShardContext) -> [UInt8] {
    switch self {
    case .constant(let truth):
      return [UInt8](repeating: truth.rawValue, count: context.messageCount)
    case .not(let term): return term.messages(context).map { 2 - $0 }
    case .and(let terms): return CompiledPredicate.fold(terms, context, min)
    case .or(let terms): return CompiledPredicate.fold(terms, context, max)
    case .table(let dimension, let table):
      if let codes = context.storedCodes(dimension) { return codes.map { table[Int($0)] } }
      return context.codes(dimension).map { table[Int($0)] }
    case .recipient(let ordinal):
      var truths = [UInt8](repeating: Truth.no.rawValue, count: context.messageCount)
      for message in context.shard[.recipient].rows(of: ordinal) {
        truths[message] = Truth.yes.rawValue
      }
      return truths
    case .term(let test): return test.messages()
    case .during: preconditionFailure("a message has no time")
    case .rows(let dimension, let test):
      return context.codes(dimension).map {
        test.truth(of: context.query.value(dimension, $0, shard: context.shard)).rawValue
      }
    }
  }

  private static func fold(
    _ terms: [CompiledPredicate], _ context: ShardContext, _ combine: (UInt8, UInt8) -> UInt8
  ) -> [UInt8] {
    var result = terms[0].messages(context)
    for term in terms.dropFirst() {
      let other = term.messages(context)
      for row in result.indices { result[row] = combine(result[row], other[row]) }
    }
    return result
  }

  /// Writes the truth for each event of `block`.
  func fill(
    _ truths: UnsafeMutableBufferPointer<UInt8>, _ block: EventBlock, _ context: ShardContext
  ) {
    switch self {
    case .constant(let truth): truths.update(repeating: truth.rawValue)
    case .not(let term):
      term.fill(truths, block, context)
      for row in 0..<block.count { truths[row] = 2 &- truths[row] }
    case .and(let terms): CompiledPredicate.fold(terms, truths, block, context, min)
    case .or(let terms): CompiledPredicate.fold(terms, truths, block, context, max)
    case .table(let dimension, let table):
      withCodes(dimension, block, context) { codes in
        table.withUnsafeBufferPointer { table in
          for row in 0..<block.count {
            truths[row] = table[Int(truncatingIfNeeded: codes[row])]
          }
        }
      }
    case .recipient(let ordinal):
      let (wanted, yes) = (Code(ordinal) + 1, Truth.yes.rawValue)
      withCodes(.recipient, block, context) { codes in
        for row in 0..<block.count { truths[row] = codes[row] == wanted ? yes : 0 }
      }
    case .term(let test): test.fill(truths, block)
    case .during(let range):
      let times = block.words(.time)
      for row in 0..<block.count {
        truths[row] = range.contains(times[row]) ? Truth.yes.rawValue : Truth.no.rawValue
      }
    case .rows(let dimension, let test):
      withCodes(dimension, block, context) { codes in
        for row in 0..<block.count {
          let value = context.query.value(dimension, codes[row], shard: context.shard)
          truths[row] = test.truth(of: value).rawValue
        }
      }
    }
  }

  private static func fold(
    _ terms: [CompiledPredicate], _ truths: UnsafeMutableBufferPointer<UInt8>,
    _ block: EventBlock, _ context: ShardContext, _ combine: (UInt8, UInt8) -> UInt8
  ) {
    terms[0].fill(truths, block, context)
    for term in terms.dropFirst() {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: truths.count) { other in
        term.fill(other, block, context)
        for row in 0..<block.count { truths[row] = combine(truths[row], other[row]) }
      }
    }
  }

  private func withCodes(
    _ dimension: Dimension, _ block: EventBlock, _ context: ShardContext,
    _ body: (UnsafeMutableBufferPointer<Code>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Code.self, capacity: Limits.blockRowCount) { codes in
      context.fill(codes, dimension, of: block)
      body(codes)
    }
  }
}

/// A condition that a term computes, row by row.
final class TermTest {
  private let term: Term
  private let context: ShardContext
  /// Made when the first block of events comes.
  private var events: (rows: EventRows, evaluator: Evaluator)?

  init(_ term: Term, _ context: ShardContext) {
    self.term = term
    self.context = context
  }

  func fill(_ truths: UnsafeMutableBufferPointer<UInt8>, _ block: EventBlock) {
    let (rows, evaluator) = events ?? start(block)
    rows.show(block)
    TermTest.write(evaluator.run(block.count), block.count) { truths[$0] = $1 }
  }

  private func start(_ block: EventBlock) -> (rows: EventRows, evaluator: Evaluator) {
    let rows = EventRows(context, block)
    let made = (rows, context.query.evaluator(term, rows))
    events = made
    return made
  }

  /// The truth for every message of the shard.
  func messages() -> [UInt8] {
    let rows = MessageRows(context)
    let evaluator = context.query.evaluator(term, rows)
    var truths = [UInt8](repeating: 0, count: context.messageCount)
    context.query.forEachBlock(of: truths.count) { block in
      rows.show(block)
      TermTest.write(evaluator.run(block.count), block.count) {
        truths[block.lowerBound + $0] = $1
      }
    }
    return truths
  }

  private static func write(_ vector: Vector, _ count: Int, _ put: (Int, UInt8) -> Void) {
    for row in 0..<count {
      let truth = vector.nulls[row] != 0 ? Truth.unknown : Truth(vector.words[row] != 0)
      put(row, truth.rawValue)
    }
  }
}

extension Test {
  /// The text of `= 'text'`.
  fileprivate var equalText: [UInt8]? {
    if case .compare(.equal, .text(let text)) = self { return text }
    return nil
  }
}
