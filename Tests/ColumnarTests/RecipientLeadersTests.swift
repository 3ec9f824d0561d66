import Base
import Columnar
import TestSupport
import Testing

@Suite("Who of a shard has most")
struct RecipientLeadersTests {
  @Test("leaders are all who have more than the floor, and as many as there may be")
  func leaders() {
    forAll(count: 300) { random, seed in
      let most = [1, 3, 40, 1_000_000][random.below(4)]
      let amounts = (0..<random.below(2000)).map { _ in
        UInt32(random.below(3) == 0 ? 0 : random.below(most + 1))
      }
      let countMax = 1 + random.below(200)
      let sum = RecipientSum(amounts, leaderCountMax: countMax)
      let expected = amounts.indices.filter { amounts[$0] > sum.floor }
      #expect(sum.amounts == amounts, "seed \(seed)")
      #expect(sum.leaders.map { Int($0.recipient) } == expected, "seed \(seed)")
      #expect(sum.leaders.map(\.amount) == expected.map { amounts[$0] }, "seed \(seed)")
      #expect(expected.count <= countMax, "seed \(seed)")
      // Those with as much as the floor would have been too many.
      let withFloor = amounts.count { $0 >= sum.floor && $0 > 0 }
      #expect(sum.floor == 0 || withFloor > countMax, "seed \(seed)")
    }
  }

  @Test("ever larger amounts, and everybody with the same")
  func extremes() {
    let ascending = RecipientSum((0..<5000).map { UInt32($0) })
    #expect(ascending.leaders.count == 128)
    #expect(ascending.floor == 4871)
    let equal = RecipientSum([UInt32](repeating: 7, count: 5000))
    #expect(equal.leaders.isEmpty)
    #expect(equal.floor == 7)
    let few = RecipientSum([0, 5, 0, 5])
    #expect(few.leaders.map(\.recipient) == [1, 3])
    #expect(few.floor == 0)
  }
}
