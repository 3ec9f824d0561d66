// When work of every day is due: once at the beginning, and then just after each midnight UTC. Without threads and
// clocks, so that time is a number in tests.

internal import Base

package struct DailySchedule: Equatable, Sendable {
  /// The last day on which the work was done, since 1970.
  private var lastDay: Int64?

  package init() {}

  /// Whether the work has not been done on this day yet.
  ///
  /// - Parameter now: UTC milliseconds. A clock that was set back makes nothing due.
  package func isDue(at now: Int64) -> Bool {
    lastDay.map { $0 < DailySchedule.day(now) } ?? true
  }

  /// Notes that the work was done.
  package mutating func done(at now: Int64) { lastDay = DailySchedule.day(now) }

  /// Milliseconds until one should look again: an hour, or less when a day begins before.
  ///
  /// An hour, because the system's clock may be set and a machine may sleep meanwhile; that is also how soon work
  /// that failed is tried again.
  package static func pause(at now: Int64) -> Int64 {
    let tomorrow = (day(now) + 1) * CivilTime.millisecondsPerDay
    return min(CivilTime.millisecondsPerHour, tomorrow - now + CivilTime.millisecondsPerSecond)
  }

  private static func day(_ time: Int64) -> Int64 {
    CivilTime.floorDivide(time, CivilTime.millisecondsPerDay)
  }
}
