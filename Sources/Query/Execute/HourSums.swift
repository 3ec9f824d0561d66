// Sums of what was counted by hours, of campaigns that a query's keys call the same, and the groups that they make.
//
// SAFETY: places are below the count of hours; for each of them there is room for a touched place, and for a sum and a
// first place of each kind. A place is touched once until groups end.

internal import Base
internal import Columnar

struct HourSums: ~Copyable {
  private var codes: HourCodes
  private let kindCount: Int
  private let first: Int64
  private let hourCount: Int
  private let mask: Int?
  /// By kind, then by the first place that is called the same: events.
  private let sums: UnsafeMutablePointer<Int64>
  /// By kind, then by place: the first place that is called the same. Empty where a mask tells it.
  private let firstPlaces: UnsafeMutablePointer<UInt32>
  /// The places that have sums.
  private let touched: UnsafeMutableBufferPointer<UInt32>
  private var touchedCount = 0

  /// What a sum is that has nothing yet.
  private static let untouched = Int64.min
  private static let unknown = UInt32.max
  /// The first place of hours that do not pass.
  private static let nowhere = UInt32.max - 1

  init(_ codes: HourCodes) {
    self.codes = codes
    mask = codes.mask
    first = codes.hours.lowerBound
    hourCount = codes.hours.count
    kindCount = codes.kinds.count
    let count = kindCount * hourCount
    sums = .allocate(capacity: count)
    sums.initialize(repeating: HourSums.untouched, count: count)
    touched = .allocate(capacity: hourCount)
    firstPlaces = .allocate(capacity: mask == nil ? count : 0)
    firstPlaces.initialize(repeating: HourSums.unknown, count: mask == nil ? count : 0)
  }

  deinit {
    sums.deallocate()
    touched.deallocate()
    firstPlaces.deallocate()
  }

  /// Adds what was counted in an hour.
  ///
  /// - Parameter kind: its number among those that are counted.
  @inline(__always)
  mutating func add(_ count: Int64, hour: Int64, kind: Int) {
    let place = Int(hour &- first)
    // An hour whose events were all removed may lie outside.
    guard place >= 0, place < hourCount else { return }
    let firstPlace = mask.map { place & $0 } ?? self.firstPlace(of: place, kind)
    guard firstPlace < hourCount else { return }
    let index = kind &* hourCount &+ firstPlace
    if sums[index] == HourSums.untouched { touch(firstPlace, kind) }
    sums[index] &+= count
  }

  private mutating func firstPlace(of place: Int, _ kind: Int) -> Int {
    let index = kind &* hourCount &+ place
    if firstPlaces[index] == HourSums.unknown {
      firstPlaces[index] = codes.firstPlace(of: place, kind) ?? HourSums.nowhere
    }
    return Int(firstPlaces[index])
  }

  private mutating func touch(_ place: Int, _ kind: Int) {
    if isUntouched(place) {
      touched[touchedCount] = UInt32(truncatingIfNeeded: place)
      touchedCount &+= 1
    }
    sums[kind &* hourCount &+ place] = 0
  }

  private func isUntouched(_ place: Int) -> Bool {
    (0..<kindCount).allSatisfy { sums[$0 &* hourCount &+ place] == HourSums.untouched }
  }

  private func sum(_ place: UInt32, _ kind: Int) -> Int64 {
    let sum = sums[kind &* hourCount &+ Int(place)]
    return sum == HourSums.untouched ? 0 : sum
  }

  // MARK: Groups

  /// Makes groups of the sums, which are nothing then.
  ///
  /// - Parameters:
  ///   - key: of the campaigns.
  ///   - quantities: what the sums of each kind are; nil where they do no more than make groups.
  mutating func endGroups(
    of key: [Code], _ quantities: [Quantity?], into table: inout GroupTable
  ) {
    let all = touched[..<touchedCount]
    // What has no events any more makes no group.
    let places = all.filter { place in (0..<kindCount).contains { sum(place, $0) != 0 } }
    table.count += places.count
    for (level, code) in key.enumerated() {
      table.codes[level] += repeatElement(code, count: places.count)
    }
    for level in key.count..<table.codes.count {
      table.codes[level] += codes.codes(ofKey: level - key.count, places)
    }
    for (kind, quantity) in quantities.enumerated() {
      guard let quantity else { continue }
      table.quantities[quantity.rawValue] += places.map { sum($0, kind) }
    }
    for kind in 0..<kindCount {
      for place in all { sums[kind * hourCount + Int(place)] = HourSums.untouched }
    }
    touchedCount = 0
  }
}
