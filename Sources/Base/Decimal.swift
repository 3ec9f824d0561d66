// Amounts of money as text. Millionths in an Int64 add up exactly, which binary fractions do not.

package enum Decimal {
  /// The number in millionths, or nil if `text` is none or does not fit.
  ///
  /// An optional sign, digits and at most one point; no exponent, no separators. Digits beyond the
  /// sixth after the point round half away from zero.
  package static func micros(_ text: ByteSlice) -> Int64? {
    var index = 0
    var isNegative = false
    if let first = text.buffer.first, first == ASCII.minus || first == ASCII.plus {
      isNegative = first == ASCII.minus
      index = 1
    }
    var digitCount = 0
    var fractionCount = 0
    var isFraction = false
    var roundsUp = false
    var magnitude: Int64 = 0
    while index < text.count {
      let byte = text[index]
      index &+= 1
      if byte == ASCII.dot && !isFraction {
        isFraction = true
        continue
      }
      guard ASCII.isDigit(byte) else { return nil }
      digitCount &+= 1
      if isFraction { fractionCount &+= 1 }
      if fractionCount == 7 { roundsUp = byte >= ASCII.zero + 5 }
      guard fractionCount <= 6 else { continue }
      guard let next = appended(magnitude, byte &- ASCII.zero) else { return nil }
      magnitude = next
    }
    while fractionCount < 6 {
      guard let next = appended(magnitude, 0) else { return nil }
      magnitude = next
      fractionCount &+= 1
    }
    guard digitCount > 0, !roundsUp || magnitude < Int64.max else { return nil }
    if roundsUp { magnitude &+= 1 }
    return isNegative ? -magnitude : magnitude
  }

  private static func appended(_ magnitude: Int64, _ digit: UInt8) -> Int64? {
    let (product, isTooLarge) = magnitude.multipliedReportingOverflow(by: 10)
    let (sum, overflows) = product.addingReportingOverflow(Int64(digit))
    return isTooLarge || overflows ? nil : sum
  }
}
