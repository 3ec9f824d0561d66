// Reads a zone from the system's time zone database: TZif files as RFC 8536 has them, 64-bit part, and the rule in the
// footer for the years behind the last listed change.
//
// SAFETY: every read of the file's bytes goes through ByteCursor-like slices checked against its length.

internal import Glibc

extension TimeZoneRules {
  private static let folder = "/usr/share/zoneinfo/"
  private static let byteCountMax = 1 << 16

  /// The zone with an IANA name; nil when the system does not know it.
  package static func named(_ name: String) -> TimeZoneRules? {
    if name.uppercased() == "UTC" { return .utc }
    guard isPlausible(name), let bytes = read(folder + name) else { return nil }
    return TimeZoneRules(name: name, file: bytes)
  }

  /// The zone that the bytes of a TZif file describe; nil for anything else.
  package init?(name: String, file bytes: [UInt8]) {
    guard let file = TimeZoneFile(bytes) else { return nil }
    self.init(name: name, starts: file.starts, offsets: file.offsets)
  }

  /// A name must not lead out of the folder.
  private static func isPlausible(_ name: String) -> Bool {
    let isSafe = name.utf8.allSatisfy { byte in
      ASCII.isLetter(byte) || ASCII.isDigit(byte) || [0x2B, 0x2D, 0x2F, 0x5F].contains(byte)
    }
    return isSafe && !name.isEmpty && name.utf8.count < 64 && name.utf8.first != 0x2F
  }

  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: byteCountMax)
    var count = 0
    while count < byteCountMax {
      let added = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), byteCountMax - count)
      }
      if added < 0 { return nil }
      if added == 0 { return Array(bytes.prefix(count)) }
      count += added
    }
    return nil
  }
}

/// The changes listed in a TZif file and those that its footer rules for the next centuries.
private struct TimeZoneFile {
  private(set) var starts: [Int64] = [.min]
  private(set) var offsets: [Int64] = []
  private let bytes: [UInt8]

  private static let headerByteCount = 44

  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard let first = Counts(bytes, at: 0), first.version >= 0x32,
      let counts = Counts(bytes, at: TimeZoneFile.headerByteCount + first.byteCount(timeWidth: 4))
    else { return nil }
    let start =
      TimeZoneFile.headerByteCount * 2 + first.byteCount(timeWidth: 4)
    let end = start + counts.byteCount(timeWidth: 8)
    guard end <= bytes.count, counts.types > 0, readChanges(counts, start) else { return nil }
    addRule(String(decoding: bytes[end...].split(separator: 0x0A).first ?? [], as: UTF8.self))
  }

  private struct Counts {
    let version: UInt8
    let isUT: Int, isStandard: Int, leaps: Int, times: Int, types: Int, characters: Int

    init?(_ bytes: [UInt8], at start: Int) {
      guard start + TimeZoneFile.headerByteCount <= bytes.count,
        Array(bytes[start..<start + 4]) == Array("TZif".utf8)
      else { return nil }
      version = bytes[start + 4]
      let numbers = (0..<6).map { Int(TimeZoneFile.integer(bytes, start + 20 + $0 * 4, 4)) }
      guard numbers.allSatisfy({ (0...1 << 16).contains($0) }) else { return nil }
      (isUT, isStandard, leaps) = (numbers[0], numbers[1], numbers[2])
      (times, types, characters) = (numbers[3], numbers[4], numbers[5])
    }

    func byteCount(timeWidth: Int) -> Int {
      times * (timeWidth + 1) + types * 6 + characters + leaps * (timeWidth + 4) + isStandard + isUT
    }
  }

  /// A big-endian signed number; the caller has checked that it lies inside.
  private static func integer(_ bytes: [UInt8], _ start: Int, _ width: Int) -> Int64 {
    var value = bytes[start] >= 0x80 ? Int64(-1) : 0
    for byte in bytes[start..<start + width] { value = value << 8 | Int64(byte) }
    return value
  }

  private mutating func readChanges(_ counts: Counts, _ start: Int) -> Bool {
    let indices = start + counts.times * 8
    let types = indices + counts.times
    let offset = { (type: Int, bytes: [UInt8]) in
      TimeZoneFile.integer(bytes, types + type * 6, 4) * 1000
    }
    offsets = [offset(0, bytes)]
    for change in 0..<counts.times {
      let type = Int(bytes[indices + change])
      // Some files begin with a change at the beginning of the universe.
      let second = max(TimeZoneFile.integer(bytes, start + change * 8, 8), -TimeZoneFile.secondMax)
      guard type < counts.types, second <= TimeZoneFile.secondMax,
        second * 1000 > starts[starts.count - 1]
      else { return false }
      starts.append(second * 1000)
      offsets.append(offset(type, bytes))
    }
    return offsets.allSatisfy { abs($0) <= TimeZoneFile.offsetMax }
  }

  /// The changes of the years behind the listed ones.
  private mutating func addRule(_ text: String) {
    guard let rule = TimeZoneRule(text), rule.hasSummerTime else { return }
    let last = starts.count > 1 ? starts[starts.count - 1] : 0
    let day = CivilTime.floorDivide(last, CivilTime.millisecondsPerDay)
    let year = max(CivilDate(daysSinceEpoch: Int(day)).year, TimeZoneFile.firstRuleYear)
    for change in (year...max(year, TimeZoneFile.lastYear)).flatMap(rule.changes)
    where change.start > last {
      starts.append(change.start)
      offsets.append(change.offset)
    }
  }

  /// Seconds from 1970 within which changes are believed: thirty thousand years.
  private static let secondMax: Int64 = 1_000_000_000_000

  /// RFC 8536 has offsets below 26 hours.
  private static let offsetMax = 26 * CivilTime.millisecondsPerHour

  /// No zone has had its present rule for longer.
  private static let firstRuleYear = 1900

  /// Nobody asks about emails of later years.
  private static let lastYear = 2200
}
