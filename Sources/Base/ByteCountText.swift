// Amounts of memory as people write them: 256MB, 2G, 500000.

package enum ByteCountText {
  /// The bytes that `text` names; units are powers of 1,024, with or without `B` or `iB`, in any case.
  ///
  /// - Returns: nil when it is no amount, or one beyond 2⁵³ bytes.
  package static func parse(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), let shift = shift(text.dropFirst(digits.count)) else {
      return nil
    }
    let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: 1 << shift)
    return isTooLarge || bytes > 1 << 53 ? nil : bytes
  }

  private static func shift(_ unit: Substring) -> Int? {
    switch unit.lowercased() {
    case "", "b": 0
    case "k", "kb", "kib": 10
    case "m", "mb", "mib": 20
    case "g", "gb", "gib": 30
    case "t", "tb", "tib": 40
    default: nil
    }
  }
}
