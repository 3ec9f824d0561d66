import Base
import Columnar
import TestSupport
import Testing

@Suite("Stored forms of times and values")
struct SchemaTests {
  private let edges: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]

  @Test("biased times keep their order and read back")
  func times() {
    forAll(count: 200) { random, seed in
      let pick = { (random: inout PRNG) in
        random.isHit(0.3) ? random.pick(edges) : Int64(bitPattern: random.next())
      }
      let (left, right) = (pick(&random), pick(&random))
      #expect(TimeBias.load(TimeBias.store(left)) == left, "\(seed)")
      #expect((TimeBias.store(left) < TimeBias.store(right)) == (left < right), "\(seed)")
    }
    #expect(TimeBias.store(.min + 1) != 0)
  }

  @Test("values read back, and none but the smallest of all is taken for NULL")
  func values() {
    forAll(count: 200) { random, seed in
      let value = random.isHit(0.3) ? random.pick(edges) : Int64(bitPattern: random.next())
      let stored = ValueCode.store(value)
      #expect((stored == 0) == (value == .min), "\(seed)")
      if stored != 0 { #expect(ValueCode.load(stored) == value, "\(seed)") }
    }
    #expect([0, -1, 1, -2].map { ValueCode.store($0) } == [1, 2, 3, 4])
  }
}
