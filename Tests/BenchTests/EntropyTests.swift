// The bound that columns are held against.

import Bench
import Testing

@Suite struct EntropyTests {
  @Test(
    "entropy is what the best code for single values takes",
    arguments: [
      ([], 0), ([5, 5, 5], 0), ([1, 2], 1), ([1, 2, 3, 4], 2), ([1, 1, 1, 1, 2, 2, 3, 4], 1.75),
    ] as [([UInt64], Double)])
  func bits(_ values: [UInt64], _ expected: Double) {
    #expect(abs(Entropy.bits(values) - expected) < 1e-12)
  }
}
