// Counts distinct (group, member) pairs exactly: pairs are put in order of their groups by counting, then each group
// is walked once with a stamp per member. No hash table, and every member array stays in the cache.
//
// SAFETY: groups are below `groupCount` and members below `memberCount`; the callers' dense numbers are.

internal import Base

struct DistinctPairs {
  private var pairs: [UInt64] = []

  var isEmpty: Bool { pairs.isEmpty }

  /// Notes that `member` belongs to `group`; saying it again changes nothing.
  @inline(__always)
  mutating func insert(_ group: UInt32, _ member: UInt32) {
    pairs.append(UInt64(group) << 32 | UInt64(member))
  }

  /// Adds, for each group, how many different members it has.
  func count(into counts: inout [Int64], memberCount: Int) {
    guard !pairs.isEmpty else { return }
    let members = membersByGroup(counts.count)
    var stamps = [UInt32](repeating: .max, count: memberCount)
    var position = 0
    for group in counts.indices {
      var distinct: Int64 = 0
      while position < members.ends[group] {
        let member = Int(members.values[position])
        if stamps[member] != UInt32(group) {
          stamps[member] = UInt32(group)
          distinct &+= 1
        }
        position &+= 1
      }
      counts[group] += distinct
    }
  }

  private func membersByGroup(_ groupCount: Int) -> (values: [UInt32], ends: [Int]) {
    var ends = [Int](repeating: 0, count: groupCount)
    for pair in pairs { ends[Int(pair >> 32)] &+= 1 }
    var total = 0
    for group in ends.indices { (ends[group], total) = (total, total &+ ends[group]) }
    let values = [UInt32](unsafeUninitializedCapacity: pairs.count) { buffer, count in
      for pair in pairs {
        let group = Int(pair >> 32)
        buffer[ends[group]] = UInt32(truncatingIfNeeded: pair)
        ends[group] &+= 1
      }
      count = pairs.count
    }
    return (values, ends)
  }
}
