// A time zone: how far its clocks are ahead of UTC, and since when.

package struct TimeZoneRules: Hashable, Sendable {
  /// The name it was asked for by: `UTC`, `Europe/Vienna`.
  package let name: String
  /// When each offset begins, UTC milliseconds, ascending; the first begins before every time.
  package let starts: [Int64]
  /// Milliseconds to add to UTC, one per start.
  package let offsets: [Int64]

  package static let utc = TimeZoneRules(name: "UTC", starts: [.min], offsets: [0])

  init(name: String, starts: [Int64], offsets: [Int64]) {
    self.name = name
    self.starts = starts
    self.offsets = offsets
  }

  /// Whether its clocks never differ from UTC.
  package var isUTC: Bool { offsets.allSatisfy { $0 == 0 } }

  /// Whether at any of these times its clocks show whole hours when those of UTC do.
  package func hasWholeHours(in times: ClosedRange<Int64>) -> Bool {
    let hour = CivilTime.millisecondsPerHour
    let first = period(at: times.lowerBound).start
    return starts.indices.allSatisfy { index in
      let start = starts[index]
      guard first <= start, start <= times.upperBound else { return true }
      return offsets[index] % hour == 0 && (start <= times.lowerBound || start % hour == 0)
    }
  }

  /// Milliseconds its clocks are ahead of UTC at a time.
  package func offset(at time: Int64) -> Int64 { period(at: time).offset }

  /// How far its clocks are ahead of UTC at a time, and since when, both in milliseconds.
  package func period(at time: Int64) -> (start: Int64, offset: Int64) {
    if starts.count == 1 { return (starts[0], offsets[0]) }
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= time { low = middle } else { high = middle }
    }
    return (starts[low], offsets[low])
  }

  /// The first moment of the hour that its clocks show at a time: a full hour, or the moment in it when they were set.
  package func hourStart(_ time: Int64) -> Int64 {
    let (start, offset) = period(at: time)
    let local = time &+ offset
    let rest =
      local - CivilTime.floorDivide(local, CivilTime.millisecondsPerHour)
      &* CivilTime.millisecondsPerHour
    return max(time &- rest, start)
  }

  /// What its clocks show at a time, as milliseconds of a day that were one of UTC.
  package func local(_ time: Int64) -> Int64 { time &+ offset(at: time) }

  /// The time at which its clocks show `local`; the earlier one where they show it twice, and where they skip it the
  /// time that the clocks would have shown it without the change.
  package func time(ofLocal local: Int64) -> Int64 {
    if starts.count == 1 { return local &- offsets[0] }
    let before = local &- offset(at: local &- CivilTime.millisecondsPerDay)
    if self.local(before) == local { return before }
    let after = local &- offset(at: local &+ CivilTime.millisecondsPerDay)
    return self.local(after) == local ? after : before
  }
}
