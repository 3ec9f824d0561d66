// Division by a fixed number where the rest is known or hoped to be zero: one multiplication by the
// inverse modulo 2⁶⁴ and one rotation, instead of a hardware division per value.

struct ExactDivision {
  private let inverse: UInt64
  private let shift: UInt64
  private let quotientMax: UInt64

  /// - Parameter divisor: at least 1.
  init(by divisor: UInt64) {
    precondition(divisor > 0)
    shift = UInt64(divisor.trailingZeroBitCount)
    quotientMax = UInt64.max / divisor
    let odd = divisor >> shift
    // Newton's iteration; an odd number is its own inverse modulo 8, and every step doubles the
    // correct bits.
    var inverse = odd
    for _ in 0..<5 { inverse &*= 2 &- odd &* inverse }
    self.inverse = inverse
  }

  /// What no number but 0 is a multiple of.
  static let byNothing = ExactDivision()

  private init() { (inverse, shift, quotientMax) = (1, 0, 0) }

  /// `value` divided by the divisor, when that leaves no rest, and something above `UInt64.max /
  /// divisor` otherwise.
  @inline(__always)
  func quotient(_ value: UInt64) -> UInt64 {
    let product = value &* inverse
    return product &>> shift | product &<< ((64 &- shift) & 63)
  }

  @inline(__always)
  func divides(_ value: UInt64) -> Bool { quotient(value) <= quotientMax }

  /// The greatest common divisor; that of 0 and n is n.
  static func greatestCommonDivisor(_ first: UInt64, _ second: UInt64) -> UInt64 {
    var (high, low) = (first, second)
    while low != 0 { (high, low) = (low, high % low) }
    return high
  }
}
