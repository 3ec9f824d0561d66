// Dense group numbers, one key at a time: (number so far, code of the next key) becomes the next number. The numbers
// remember where they came from, so that a group's whole key can be read back.
//
// SAFETY: the direct table has `parentCount * codeCount` entries and callers keep both parts below those counts.

internal import Base
internal import Columnar

struct GroupIndex {
  /// By group: the group it refines, and the code that was added.
  private(set) var parents: [UInt32] = []
  private(set) var codes: [Code] = []
  private var direct: [UInt32] = []
  private let codeCount: Int
  /// Whether groups are the codes themselves.
  let isByCode: Bool
  private var slots: [UInt32] = []
  /// By code below its count: the group of the first parent and the code, once there is one. Keys whose codes are not
  /// known beforehand have few values mostly.
  private var near: [UInt32] = []

  /// - Parameters:
  ///   - parentCount: how many groups there are to refine, when that is known.
  ///   - codeCount: one more than the largest code, when that is known.
  init(parentCount: Int?, codeCount: Int?) {
    isByCode = false
    if let parentCount, let codeCount,
      parentCount.multipliedReportingOverflow(by: codeCount).overflow == false,
      parentCount * codeCount <= GroupIndex.directCountMax
    {
      direct = [UInt32](repeating: .max, count: parentCount * codeCount)
      self.codeCount = codeCount
    } else {
      self.codeCount = 0
      slots = [UInt32](repeating: .max, count: 256)
      near = [UInt32](repeating: .max, count: 256)
    }
  }

  /// A group for each of these codes of one key, whether or not it comes.
  init(_ codes: Range<Code>) {
    parents = [UInt32](repeating: 0, count: codes.count)
    self.codes = Array(codes)
    codeCount = 0
    isByCode = codes.lowerBound == 0
  }

  /// Larger codes are looked up by hash only.
  private static let nearCountMax: Code = 1 << 16
  /// 4 MiB of table: beyond, hashing wins because the table leaves the cache.
  private static let directCountMax = 1 << 20

  var count: Int { parents.count }

  /// The number of the group that refines `parent` by `code`; it is made when it is new.
  mutating func number(_ parent: UInt32, _ code: Code) -> UInt32 {
    codeCount > 0 ? directNumber(parent, code) : hashedNumber(parent, code)
  }

  /// Replaces each group by the one that refines it by the code at the same place. Numbers that are `skipped` stay.
  mutating func refine(
    _ groups: UnsafeMutableBufferPointer<UInt32>, by codes: UnsafePointer<Code>, skipped: UInt32
  ) {
    if isByCode {
      for index in groups.indices where groups[index] != skipped {
        groups[index] = UInt32(truncatingIfNeeded: codes[index])
      }
      return
    }
    guard codeCount > 0 else {
      for index in groups.indices where groups[index] != skipped {
        groups[index] = hashedNumber(groups[index], codes[index])
      }
      return
    }
    // Taken out and put back, so that the loop holds on to all three arrays.
    let codeCount = codeCount
    var (parents, known) = (self.parents, self.codes)
    (self.parents, self.codes) = ([], [])
    direct.withUnsafeMutableBufferPointer { direct in
      var row = 0
      while row < groups.count {
        let group = groups[row]
        if group != skipped {
          let index = Int(group) &* codeCount &+ Int(truncatingIfNeeded: codes[row])
          if direct[index] == .max {
            direct[index] = UInt32(parents.count)
            parents.append(group)
            known.append(codes[row])
          }
          groups[row] = direct[index]
        }
        row &+= 1
      }
    }
    (self.parents, self.codes) = (parents, known)
  }

  /// Replaces the group of each row by the one that refines it by the row's code.
  mutating func refine(
    _ groups: UnsafeMutableBufferPointer<UInt32>, _ rows: UnsafeBufferPointer<UInt32>,
    byNarrow codes: UnsafePointer<UInt32>
  ) {
    if isByCode {
      for index in rows.indices { groups[index] = codes[Int(rows[index])] }
      return
    }
    for index in rows.indices {
      groups[index] = number(groups[index], Code(codes[Int(rows[index])]))
    }
  }

  private mutating func directNumber(_ parent: UInt32, _ code: Code) -> UInt32 {
    let index = Int(parent) &* codeCount &+ Int(truncatingIfNeeded: code)
    let known = direct[index]
    if known != .max { return known }
    let number = append(parent, code)
    direct[index] = number
    return number
  }

  private mutating func hashedNumber(_ parent: UInt32, _ code: Code) -> UInt32 {
    let isNear = parent == 0 && code < UInt64(near.count)
    if isNear, near[Int(code)] != .max { return near[Int(code)] }
    let number = farNumber(parent, code)
    if isNear {
      near[Int(code)] = number
    } else if parent == 0, code < GroupIndex.nearCountMax {
      let missing = max(near.count, Int(code) + 1 - near.count)
      near.append(contentsOf: repeatElement(.max, count: missing))
      near[Int(code)] = number
    }
    return number
  }

  private mutating func farNumber(_ parent: UInt32, _ code: Code) -> UInt32 {
    let mask = slots.count &- 1
    var index = Int(truncatingIfNeeded: Hash.of(code, UInt64(parent))) & mask
    while slots[index] != .max {
      let number = slots[index]
      if parents[Int(number)] == parent && codes[Int(number)] == code { return number }
      index = (index &+ 1) & mask
    }
    let number = append(parent, code)
    slots[index] = number
    if parents.count &* 2 > slots.count { grow() }
    return number
  }

  private mutating func append(_ parent: UInt32, _ code: Code) -> UInt32 {
    parents.append(parent)
    codes.append(code)
    return UInt32(parents.count - 1)
  }

  private mutating func grow() {
    let mask = slots.count * 4 - 1
    slots = [UInt32](repeating: .max, count: mask + 1)
    for number in parents.indices {
      var index =
        Int(truncatingIfNeeded: Hash.of(codes[number], UInt64(parents[number]))) & mask
      while slots[index] != .max { index = (index &+ 1) & mask }
      slots[index] = UInt32(number)
    }
  }
}
