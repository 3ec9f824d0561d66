// The functions of the language that are not operators. What each does: docs/SEMANTICS.md, "Types and operators".

enum Function: Hashable, Sendable {
  // Of texts.
  case lower, upper, trim, length, substring, left, right, splitPart, startsWith, concatenate
  // Of numbers.
  case absolute, floor, ceiling
  /// To a whole number.
  case round
  /// To a number of digits behind the point.
  case roundDigits
  // Of several values of one type.
  case greatest, least
  // Of times.
  case truncate(TimeUnit)
  case extract(TimeField)
  /// Seconds since 1970, or of an interval.
  case epoch
}

/// What `date_trunc` cuts to.
enum TimeUnit: String, CaseIterable, Hashable, Sendable {
  case second, minute, hour, day, week, month, quarter, year
}

/// What `extract` takes out, as whole numbers.
enum TimeField: String, CaseIterable, Hashable, Sendable {
  case year, quarter, month, week, day, hour, minute, second
  /// 0 is Sunday.
  case dow
  /// 1 is Monday.
  case isodow
  /// The day of the year, from 1.
  case doy
}
