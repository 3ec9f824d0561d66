import Base
import TestSupport
import Testing

struct AscendingSearchTests {
  @Test("the first element that is not below a bound is where going through all of them finds it")
  func search() {
    forAll(count: 200) { random, seed in
      let numbers = (0..<random.below(40)).map { _ in UInt32(random.below(30)) }.sorted()
      let start = random.below(numbers.count + 1)
      let part = numbers[start..<start + random.below(numbers.count - start + 1)]
      for bound in 0...UInt32(31) {
        let plain = part.firstIndex { $0 >= bound } ?? part.endIndex
        #expect(part.firstIndex(notBelow: bound) == plain, "\(bound), \(seed)")
      }
    }
  }
}
