// What the rows of each link, or hour, add up to: how many there are, and how many are the first of their message
// there.

package struct FirstSum: Equatable, Sendable {
  /// The code of a link, 0 for none; or the bits of an hour's number since 1970, an Int32.
  package let value: UInt32
  package fileprivate(set) var rowCount: Int64 = 0
  package fileprivate(set) var firstCount: Int64 = 0
}

/// Sums in the making.
struct FirstSums {
  private(set) var all: [FirstSum] = []
  private var places: [UInt32: Int] = [:]
  /// Where the sum of the row before is: hours come in runs.
  private var last = 0

  mutating func add(_ value: UInt32, isFirst: Bool) {
    if all.isEmpty || all[last].value != value { last = place(of: value) }
    all[last].rowCount += 1
    all[last].firstCount += isFirst ? 1 : 0
  }

  private mutating func place(of value: UInt32) -> Int {
    if let place = places[value] { return place }
    places[value] = all.count
    all.append(FirstSum(value: value))
    return all.count - 1
  }
}
