// Which hours pass the conditions on events of a kind, and what they are called among a query's keys; found out when an
// hour is first asked for.

internal import Base
internal import Columnar

struct HourCodes {
  /// Those that some events of the kind may fail.
  private let conditions: [CompiledPredicate]
  private let kind: EventKind
  private let hours: ClosedRange<Int64>
  private let context: QueryContext
  private let clocks: [BucketClock]
  /// By hour: nil when it was not asked for.
  private var passes: [Bool?]
  /// By key, then by hour that passes.
  private(set) var keys: [[Code]]

  init(
    _ keys: [Dimension], _ conditions: [CompiledPredicate], _ kind: EventKind,
    _ hours: ClosedRange<Int64>, _ context: QueryContext
  ) {
    self.conditions = conditions.filter { $0.truth(ofKind: kind) != .yes }
    self.kind = kind
    self.hours = hours
    self.context = context
    clocks = keys.compactMap { key in
      if case .bucket(let bucket) = key { context.clock(bucket) } else { nil }
    }
    passes = [Bool?](repeating: nil, count: hours.count)
    self.keys = clocks.map { _ in [Code](repeating: 0, count: hours.count) }
  }

  /// The number of an hour among all of them; nil when the conditions do not hold in it.
  mutating func passing(_ hour: Int64) -> Int? {
    // An hour whose events were all removed may lie outside.
    guard hours.contains(hour) else { return nil }
    let index = Int(hour - hours.lowerBound)
    let known = passes[index] ?? settle(hour, index)
    return known ? index : nil
  }

  private mutating func settle(_ hour: Int64, _ index: Int) -> Bool {
    let time = CivilTime.start(ofHour: hour)
    let truth = conditions.allSatisfy { condition in
      condition.truth(context) { dimension in
        switch dimension {
        case .kind: Code(kind.rawValue)
        case .bucket(let bucket): context.clock(bucket).code(time)
        default: TimeBias.store(time)
        }
      } == .yes
    }
    passes[index] = truth
    for (level, clock) in clocks.enumerated() { keys[level][index] = clock.code(time) }
    return truth
  }
}
