import Base
import TestSupport
import Testing

@Suite("The calendar")
struct CivilTimeTests {
  @Test("over four centuries every day follows the one before, there and back")
  func everyDay() {
    var date = CivilDate(year: 1799, month: 12, day: 31)
    var days = date.daysSinceEpoch
    var wrong: [Int] = []
    while date.year < 2201 {
      if CivilDate(daysSinceEpoch: days) != date || date.daysSinceEpoch != days || !date.isValid {
        wrong.append(days)
      }
      date = CivilTimeTests.dayAfter(date)
      days += 1
    }
    #expect(wrong.isEmpty)
    #expect(CivilDate(year: 1970, month: 1, day: 1).daysSinceEpoch == 0)
    #expect(CivilDate(year: 2000, month: 3, day: 1).daysSinceEpoch == 11_017)
    // The calendar repeats every 146,097 days.
    for year in [-4000, -1, 0, 1, 9999] {
      let date = CivilDate(year: year, month: 2, day: 28)
      let later = CivilDate(year: year + 400, month: 2, day: 28)
      #expect(later.daysSinceEpoch - date.daysSinceEpoch == 146_097)
      #expect(CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date)
    }
  }

  @Test("days that do not exist are not valid")
  func validity() {
    let invalid = [
      (2026, 2, 29), (1900, 2, 29), (2100, 2, 29), (2024, 2, 30), (2026, 4, 31), (2026, 0, 1),
      (2026, 13, 1), (2026, 1, 0), (2026, 1, 32),
    ]
    for (year, month, day) in invalid {
      #expect(!CivilDate(year: year, month: month, day: day).isValid, "\(year)-\(month)-\(day)")
    }
    #expect(CivilDate(year: 2000, month: 2, day: 29).isValid)
    #expect(CivilDate(year: 2024, month: 2, day: 29).isValid)
  }

  @Test("milliseconds are written as their date and clock, before 1970 too")
  func text() {
    let texts: [(Int64, String)] = [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (1_773_479_521_000, "2026-03-14T09:12:01Z"), (1_773_479_521_007, "2026-03-14T09:12:01.007Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
      (-62_167_219_200_001, "-0001-12-31T23:59:59.999Z"),
    ]
    for (time, text) in texts { #expect(CivilTime.format(time) == text) }
    let date = CivilDate(year: 2026, month: 3, day: 14)
    let time = CivilTime.milliseconds(date, hour: 9, minute: 12, second: 1, millisecond: 7)
    #expect(time == 1_773_479_521_007)
  }

  @Test("division rounds down on both sides of zero")
  func floorDivide() {
    for value in Int64(-25)...25 {
      for divisor in Int64(1)...7 {
        let quotient = CivilTime.floorDivide(value, divisor)
        #expect(quotient * divisor <= value && value < (quotient + 1) * divisor)
      }
    }
    #expect(CivilTime.floorDivide(.min, 1000) == Int64.min / 1000 - 1)
  }

  private static func dayAfter(_ date: CivilDate) -> CivilDate {
    let isLeap = date.year % 4 == 0 && date.year % 100 != 0 || date.year % 400 == 0
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if date.day < lengths[date.month - 1] {
      return CivilDate(year: date.year, month: date.month, day: date.day + 1)
    }
    if date.month < 12 { return CivilDate(year: date.year, month: date.month + 1, day: 1) }
    return CivilDate(year: date.year + 1, month: 1, day: 1)
  }
}
