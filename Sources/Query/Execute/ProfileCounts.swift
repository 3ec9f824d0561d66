// What a message adds to some counts, by its profile: several counts in one word, each with as many bits as the largest
// may need, so that one pass over messages serves them all. The first is of all messages that pass.

struct ProfileCounts: Sendable {
  /// By word of counts, then by profile.
  private(set) var words: [[UInt64]]
  private let bitCount: Int
  private let fieldCount: Int

  init(countCount: Int, profileCount: Int, countMax: Int) {
    bitCount = max(1, Int.bitWidth - countMax.leadingZeroBitCount)
    fieldCount = UInt64.bitWidth / bitCount
    let empty = [UInt64](repeating: 0, count: profileCount)
    words = [[UInt64]](repeating: empty, count: (countCount + fieldCount - 1) / fieldCount)
  }

  /// Notes that a message of a profile adds one to a count.
  mutating func set(_ count: Int, _ profile: Int) {
    words[count / fieldCount][profile] |= 1 << shift(count)
  }

  private func shift(_ count: Int) -> UInt64 { UInt64(count % fieldCount * bitCount) }

  private var mask: UInt64 { 1 << UInt64(bitCount) - 1 }

  /// Where sums of words have something in the first count.
  func present(_ sums: [[UInt64]]) -> [Int] {
    let mask = mask
    return sums[0].withUnsafeBufferPointer { sums in sums.indices.filter { sums[$0] & mask != 0 } }
  }

  /// A count of sums of words, at some places.
  func values(_ count: Int, _ sums: [[UInt64]], _ places: [Int]) -> [UInt64] {
    let (shift, mask) = (shift(count), mask)
    return sums[count / fieldCount].withUnsafeBufferPointer { sums in
      places.map { sums[$0] >> shift & mask }
    }
  }
}
