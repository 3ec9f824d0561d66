// Figures as people read them: three digits and a unit.

internal import Foundation

package enum QuantityText {
  /// `1.23 ms` of nanoseconds.
  package static func time(_ nanoseconds: Double) -> String {
    scaled(nanoseconds, [(1, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")])
  }

  /// `1.23 M` of a count.
  package static func count(_ count: Double) -> String {
    scaled(count, [(1, ""), (1e3, "k"), (1e6, "M"), (1e9, "G")])
  }

  /// `1.23 MB` of a number of bytes.
  package static func bytes(_ count: Double) -> String {
    scaled(count, [(1, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB")])
  }

  /// A value in its own unit.
  package static func value(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .nanoseconds: time(value)
    case .bytes: bytes(value)
    case .bytesPerEvent: plain(value) + " B"
    case .bitsPerValue: plain(value) + " bit"
    }
  }

  /// A figure without zeros at the end of its number, as axes have it: `50 s` of `50.0 s`.
  package static func short(_ text: String) -> String {
    let words = text.split(separator: " ")
    guard var number = words.first, number.contains(".") else { return text }
    while number.last == "0" { number.removeLast() }
    if number.last == "." { number.removeLast() }
    return ([number] + words.dropFirst()).joined(separator: " ")
  }

  /// Three digits, more only before the point.
  package static func plain(_ value: Double) -> String {
    let size = abs(value)
    let digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2
    return String(format: "%.\(digits)f", value)
  }

  /// With the largest unit of which there is at least one.
  private static func scaled(_ value: Double, _ units: [(size: Double, name: String)]) -> String {
    // What rounds up to a thousand of a unit is one of the next.
    let unit = units.last { abs(value) >= $0.size * 0.9995 } ?? units[0]
    let number = plain(value / unit.size)
    return unit.name.isEmpty ? number : "\(number) \(unit.name)"
  }
}
