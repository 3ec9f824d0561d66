// The span of the logs in days, and which day a time belongs to.

internal import Base

struct Timeline: Sendable {
  let firstDay: Int
  let dayCount: Int
  /// UTC milliseconds of the first and after the last day.
  let start: Int64
  let end: Int64

  init(_ spec: WorkloadSpec) {
    firstDay = spec.firstDay
    dayCount = spec.sendDayCount + spec.tailDayCount
    start = Int64(firstDay) * CivilTime.millisecondsPerDay
    end = start + Int64(dayCount) * CivilTime.millisecondsPerDay
  }

  /// The 0-based day of a time inside the span.
  func day(of time: Int64) -> Int { Int((time - start) / CivilTime.millisecondsPerDay) }

  func start(ofDay day: Int) -> Int64 { start + Int64(day) * CivilTime.millisecondsPerDay }

  func date(ofDay day: Int) -> CivilDate { CivilDate(daysSinceEpoch: firstDay + day) }
}
