// Counts distinct (group, member) pairs exactly: pairs are put in order of their groups by counting, then each group
// is walked once with a stamp per member. No hash table, and every member array stays in the cache.
//
// SAFETY: groups are below `groupCount` and members below `memberCount`; the callers' dense numbers are.

internal import Base

struct DistinctPairs {
  private var pairs: [UInt64] = []

  /// Makes room for so many, once for all.
  mutating func reserve(_ count: Int) { if pairs.isEmpty { pairs.reserveCapacity(count) } }

  /// Notes that `member` belongs to `group`; saying it again changes nothing.
  mutating func insert(_ group: UInt32, _ member: UInt32) {
    pairs.append(UInt64(group) << 32 | UInt64(member))
  }

  /// The same for each row: its group, and its member as `member` tells.
  @inline(__always)
  mutating func append(
    _ groups: UnsafeBufferPointer<UInt32>, _ rows: UnsafeBufferPointer<UInt32>,
    member: (Int) -> UInt32
  ) {
    let needed = pairs.count + rows.count
    if pairs.capacity < needed { pairs.reserveCapacity(max(needed, pairs.capacity * 2)) }
    for index in rows.indices {
      pairs.append(UInt64(groups[index]) << 32 | UInt64(member(Int(rows[index]))))
    }
  }

  /// Adds, for each group, how many different members it has.
  func count(into counts: inout [Int64], memberCount: Int) {
    guard !pairs.isEmpty else { return }
    let (members, ends) = membersByGroup(counts.count)
    var stamps = [UInt32](repeating: .max, count: memberCount)
    stamps.withUnsafeMutableBufferPointer { stamps in
      members.withUnsafeBufferPointer { members in
        var position = 0
        for group in counts.indices {
          var distinct: Int64 = 0
          let stamp = UInt32(group)
          while position < ends[group] {
            let member = Int(members[position])
            distinct &+= stamps[member] != stamp ? 1 : 0
            stamps[member] = stamp
            position &+= 1
          }
          counts[group] += distinct
        }
      }
    }
  }

  private func membersByGroup(_ groupCount: Int) -> (values: [UInt32], ends: [Int]) {
    var ends = [Int](repeating: 0, count: groupCount)
    let values = [UInt32](unsafeUninitializedCapacity: pairs.count) { values, count in
      ends.withUnsafeMutableBufferPointer { ends in
        for pair in pairs { ends[Int(pair >> 32)] &+= 1 }
        var total = 0
        for group in ends.indices { (ends[group], total) = (total, total &+ ends[group]) }
        for pair in pairs {
          let group = Int(pair >> 32)
          values[ends[group]] = UInt32(truncatingIfNeeded: pair)
          ends[group] &+= 1
        }
      }
      count = pairs.count
    }
    return (values, ends)
  }
}
