// Times come mostly in order, so that most lie in the hour of the one before: two comparisons instead of a division.

internal import Base

/// An hour of UTC, and the stored times in it.
struct HourSpan {
  let number: Int32
  private let start: UInt64

  /// One in which no time lies.
  init() { (number, start) = (0, .max) }

  init(around stored: UInt64) {
    let hour = CivilTime.hour(TimeBias.load(stored))
    number = Int32(hour)
    start = TimeBias.store(CivilTime.start(ofHour: hour))
  }

  @inline(__always)
  func contains(_ stored: UInt64) -> Bool {
    stored &- start < UInt64(CivilTime.millisecondsPerHour)
  }
}
