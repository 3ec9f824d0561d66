// The generator's files and the seeds of tests depend on these numbers.

import Base
import Testing

@Suite struct PRNGTests {
  @Test(
    "the numbers are those of SplitMix64",
    arguments: [
      (0, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]),
      (1_234_567, [0x599E_D017_FB08_FC85, 0x2C73_F084_5854_0FA5, 0x883E_BCE5_A3F2_7C77]),
    ] as [(UInt64, [UInt64])])
  func numbers(_ seed: UInt64, _ expected: [UInt64]) {
    var random = PRNG(seed: seed)
    #expect(expected.map { _ in random.next() } == expected)
  }

  @Test("what is drawn from them stays the same too")
  func draws() {
    var random = PRNG(seed: 0)
    #expect(random.below(1000) == 883)
    #expect(random.unit() == 0x1.b9e279aa86e58p-2)
    #expect(random.pick(["a", "b", "c"]) == "a")
  }
}
