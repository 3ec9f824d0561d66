// Which hours pass the conditions on events of a kind, and which of them a query's keys call the same; found out when
// an hour is first asked for. An hour's place is its number among all of them.

internal import Base
internal import Columnar

struct HourCodes {
  let kinds: [EventKind]
  let hours: ClosedRange<Int64>
  /// What to keep of a place to have the first one that is called the same; nil where it is to be looked up.
  let mask: Int?
  private let clocks: [BucketClock]
  private let context: QueryContext
  /// By kind: those that some of its events may fail.
  private let conditions: [[CompiledPredicate]]
  private var chain: KeyChain
  /// By what keys make of hours: the place of the first hour that they make it of.
  private var firstPlaces: [UInt32] = []

  init(
    _ keys: [Dimension], _ conditions: [CompiledPredicate], _ kinds: [EventKind],
    _ hours: ClosedRange<Int64>, _ context: QueryContext
  ) {
    self.kinds = kinds
    self.hours = hours
    self.context = context
    clocks = keys.compactMap { key in
      if case .bucket(let bucket) = key { context.clock(bucket) } else { nil }
    }
    chain = KeyChain(keyCount: clocks.count)
    self.conditions = kinds.map { kind in conditions.filter { $0.truth(ofKind: kind) != .yes } }
    let passesAll = self.conditions.allSatisfy { $0.isEmpty }
    if passesAll, keys.contains(.bucket(.hour)) {
      mask = .max
    } else {
      mask = passesAll && keys.isEmpty ? 0 : nil
    }
  }

  /// The place of the first hour that is called the same; nil when the conditions on a kind do not hold.
  mutating func firstPlace(of place: Int, _ kind: Int) -> UInt32? {
    guard passes(time(of: place), kind) else { return nil }
    let number = chain.number(codes(of: place))
    if number == firstPlaces.count { firstPlaces.append(UInt32(place)) }
    return firstPlaces[number]
  }

  private func passes(_ time: Int64, _ kind: Int) -> Bool {
    conditions[kind].allSatisfy { condition in
      condition.truth(context) { dimension in
        switch dimension {
        case .kind: Code(kinds[kind].rawValue)
        case .bucket(let bucket): context.clock(bucket).code(time)
        default: TimeBias.store(time)
        }
      } == .yes
    }
  }

  private func codes(of place: Int) -> [Code] {
    let time = time(of: place)
    return clocks.map { $0.code(time) }
  }

  /// What a key calls some hours.
  func codes(ofKey key: Int, _ places: some Sequence<UInt32>) -> [Code] {
    let clock = clocks[key]
    return places.map { clock.code(time(of: Int($0))) }
  }

  private func time(of place: Int) -> Int64 {
    CivilTime.start(ofHour: hours.lowerBound + Int64(place))
  }
}
