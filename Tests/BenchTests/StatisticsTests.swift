// Medians, percentiles and the band of noise.

import Bench
import Testing

@Suite struct StatisticsTests {
  @Test(
    "the median is the middle value, or lies between the two in the middle",
    arguments: [
      ([], 0), ([3], 3), ([3, 1], 2), ([9, 1, 5], 5), ([4, 1, 3, 2], 2.5),
    ] as [([Double], Double)])
  func median(_ values: [Double], _ expected: Double) {
    #expect(Statistics.median(values) == expected)
  }

  @Test(
    "a percentile is a value that so many do not exceed",
    arguments: [(0.5, 50), (0.99, 99), (1, 100), (0, 1), (0.001, 1)] as [(Double, Double)])
  func percentile(_ share: Double, _ expected: Double) {
    #expect(Statistics.percentile((1...100).map { Double($0) }.reversed(), share) == expected)
  }

  @Test("equal repetitions have the least band")
  func quiet() {
    #expect(NoiseBand.ratio(of: [7, 7, 7, 7, 7]) == NoiseBand.leastRatio)
    #expect(NoiseBand.ratio(of: [7]) == NoiseBand.leastRatio)
    #expect(NoiseBand.ratio(of: []) == NoiseBand.leastRatio)
  }

  @Test("repetitions that scatter widen the band, and their order does not matter")
  func noisy() {
    let band = NoiseBand.ratio(of: [100, 110, 120, 130, 140])
    #expect(band > 1.1)
    #expect(band <= 1.4)
    #expect(NoiseBand.ratio(of: [140, 100, 130, 110, 120]) == band)
  }

  @Test("the band of five repetitions is that of the worst of their ten splits")
  func splits() {
    // {100, 110} against {120, 130, 140} is the widest: 130 / 105.
    #expect(abs(NoiseBand.ratio(of: [100, 110, 120, 130, 140]) - 130.0 / 105) < 1e-9)
  }

  @Test("many repetitions are split by chance, the same in every run")
  func manyRepetitions() {
    let values = (0..<40).map { 100 + Double($0 % 7) * 5 }
    let band = NoiseBand.ratio(of: values)
    #expect(band == NoiseBand.ratio(of: values))
    #expect(band > NoiseBand.leastRatio)
    #expect(band < 1.3)
  }
}
