// The only source of randomness in the package: SplitMix64, seeded, the same numbers for ever.
// The generator's files and the tests' seeds depend on these values; PRNGTests pins them.

package struct PRNG: RandomNumberGenerator {
  /// What the next numbers follow from.
  package private(set) var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in `0..<bound`; `bound` must be positive. The bias is below 2⁻³² for bounds under 2³².
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0)
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number in `0..<1` with 53 random bits.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True with probability `chance`.
  package mutating func isHit(_ chance: Double) -> Bool { unit() < chance }

  /// One element of a collection that has at least one.
  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}
