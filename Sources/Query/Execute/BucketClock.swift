// Which bucket of a calendar a time falls into, as a small code, by the clocks of a time zone.
//
// SAFETY: `fill` writes as many codes as it is given rows for; callers provide the room.

internal import Base
internal import Columnar

struct BucketClock {
  private let bucket: TimeBucket
  private let zone: TimeZoneRules
  private let isUTC: Bool
  /// The number that code 0 would stand for.
  private let origin: Int64
  /// One more than the largest code.
  let codeCount: UInt64

  /// - Parameter times: of all events; times outside have no code.
  init(_ bucket: TimeBucket, _ zone: TimeZoneRules, _ times: ClosedRange<Int64>) {
    self.bucket = bucket
    self.zone = zone
    isUTC = zone.isUTC
    switch bucket {
    case .hourOfDay: (origin, codeCount) = (-1, 25)
    case .weekday: (origin, codeCount) = (0, 8)
    default:
      // Clocks set back may show the day before again: one bucket more on both sides.
      let slack: Int64 = isUTC ? 0 : 1
      let first = BucketClock.number(times.lowerBound, bucket, zone, isUTC)
      let last = BucketClock.number(times.upperBound, bucket, zone, isUTC)
      origin = first - 1 - slack
      codeCount = UInt64(bitPattern: last - origin + slack) &+ 1
    }
  }

  /// Small, above 0, and in UTC growing with time for the calendar buckets.
  @inline(__always)
  func code(_ time: Int64) -> Code {
    Code(bitPattern: BucketClock.number(time, bucket, zone, isUTC) &- origin)
  }

  /// The milliseconds of every bucket, if all have the same; times are in UTC then.
  var width: UInt64? {
    switch bucket {
    case .hour where isUTC: UInt64(CivilTime.millisecondsPerHour)
    case .day where isUTC: UInt64(CivilTime.millisecondsPerDay)
    default: nil
    }
  }

  /// The code of a stored time, and how far it is from the start of its bucket.
  ///
  /// - Parameter width: of buckets.
  func place(_ time: UInt64, _ width: UInt64) -> (code: UInt32, rest: UInt64) {
    let distance = time &- TimeBias.store((origin &+ 1) &* Int64(width))
    return (UInt32(truncatingIfNeeded: distance / width &+ 1), distance % width)
  }

  /// Writes the codes of stored times (`TimeBias`).
  func fill(_ codes: UnsafeMutablePointer<Code>, _ times: UnsafePointer<UInt64>, count: Int) {
    switch bucket {
    case .hour where isUTC: divide(codes, times, count, CivilTime.millisecondsPerHour)
    case .day where isUTC: divide(codes, times, count, CivilTime.millisecondsPerDay)
    default: for row in 0..<count { codes[row] = code(TimeBias.load(times[row])) }
    }
  }

  /// Hours and days of UTC are a division: unsigned, because no time lies before the first bucket.
  @inline(__always)
  private func divide(
    _ codes: UnsafeMutablePointer<Code>, _ times: UnsafePointer<UInt64>, _ count: Int,
    _ width: Int64
  ) {
    let first = TimeBias.store((origin &+ 1) &* width)
    let width = UInt64(width)
    for row in 0..<count { codes[row] = (times[row] &- first) / width &+ 1 }
  }

  /// The value of a code other than 0.
  func value(_ code: Code) -> Value {
    let number = Int64(bitPattern: code) &+ origin
    switch bucket {
    case .hour where isUTC: return .time(number * CivilTime.millisecondsPerHour)
    case .hour:
      // Any moment of the quarter's end lies in the hour that begins in the quarter.
      return .time(zone.hourStart((number + 1) * BucketClock.quarter - 1))
    case .day: return .time(number * CivilTime.millisecondsPerDay)
    case .week: return .time((number * 7 - 3) * CivilTime.millisecondsPerDay)
    case .month:
      let year = CivilTime.floorDivide(number, 12)
      return .time(
        CivilTime.milliseconds(
          CivilDate(year: Int(year), month: Int(number - year * 12) + 1, day: 1)))
    case .hourOfDay, .weekday: return .integer(number)
    }
  }

  /// Clocks are ahead of UTC by multiples of a quarter of an hour, so hours begin at quarters.
  private static let quarter = CivilTime.millisecondsPerHour / 4

  /// Hours, days, weeks or months since 1970; the hour of the day; the day of the week from 1. Hours of other zones are
  /// counted in quarters.
  @inline(__always)
  private static func number(
    _ time: Int64, _ bucket: TimeBucket, _ zone: TimeZoneRules, _ isUTC: Bool
  ) -> Int64 {
    if isUTC { return bucket.number(time) }
    if bucket == .hour { return CivilTime.floorDivide(zone.hourStart(time), quarter) }
    return bucket.number(zone.local(time))
  }
}

extension TimeBucket {
  /// Hours, days, weeks or months since 1970; the hour of the day; the day of the week from 1.
  @inline(__always)
  fileprivate func number(_ time: Int64) -> Int64 {
    switch self {
    case .hour: return CivilTime.floorDivide(time, CivilTime.millisecondsPerHour)
    case .day: return CivilTime.floorDivide(time, CivilTime.millisecondsPerDay)
    case .week:
      // 1970-01-01 was a Thursday: three days later a week starts.
      return CivilTime.floorDivide(
        CivilTime.floorDivide(time, CivilTime.millisecondsPerDay) + 3, 7)
    case .month:
      let day = CivilTime.floorDivide(time, CivilTime.millisecondsPerDay)
      let date = CivilDate(daysSinceEpoch: Int(day))
      return Int64(date.year * 12 + date.month - 1)
    case .hourOfDay:
      // Never leaves the range of its type, for a shard that sent nothing has times that mean nothing.
      let rest = time % CivilTime.millisecondsPerDay
      return (rest < 0 ? rest + CivilTime.millisecondsPerDay : rest) / CivilTime.millisecondsPerHour
    case .weekday:
      let day = CivilTime.floorDivide(time, CivilTime.millisecondsPerDay) + 3
      return day - CivilTime.floorDivide(day, 7) * 7 + 1
    }
  }
}
