// What one pass over a block's values finds out, so that codecs which obviously lose are never
// scored.
//
// SAFETY: every index stays below the count of the values it is handed.

struct BlockStatistics {
  let count: Int
  private(set) var minimum: UInt64
  private(set) var maximum: UInt64
  /// Neighbours of equal value form one run.
  private(set) var runCount = 1
  /// The smallest and the largest difference between neighbours, modulo 2⁶⁴, as signed numbers.
  private(set) var stepMinimum = Int64.max
  private(set) var stepMaximum = Int64.min

  /// - Parameter values: at least one.
  init(_ values: UnsafeBufferPointer<UInt64>) {
    count = values.count
    var previous = values[0]
    var (low, high) = (previous, previous)
    var (lowStep, highStep) = (Int64.max, Int64.min)
    var changes = 0
    var index = 1
    while index < values.count {
      let value = values[index]
      let step = Int64(bitPattern: value &- previous)
      low = min(low, value)
      high = max(high, value)
      lowStep = min(lowStep, step)
      highStep = max(highStep, step)
      changes &+= step == 0 ? 0 : 1
      previous = value
      index &+= 1
    }
    (minimum, maximum, runCount) = (low, high, changes &+ 1)
    if values.count > 1 { (stepMinimum, stepMaximum) = (lowStep, highStep) }
  }

  /// Whether all values are the same. Most columns are constant in most blocks, and this is a fraction of a pass.
  static func isConstant(_ values: UnsafeBufferPointer<UInt64>) -> Bool {
    let first = values[0]
    guard values[values.count &- 1] == first else { return false }
    var differing: UInt64 = 0
    var index = 0
    while index < values.count {
      let end = min(index &+ 512, values.count)
      while index < end {
        differing |= values[index] ^ first
        index &+= 1
      }
      if differing != 0 { return false }
    }
    return true
  }

  /// How far apart the steps are; 0 for a block of one value.
  var stepRange: UInt64 {
    guard count > 1 else { return 0 }
    return UInt64(bitPattern: stepMaximum) &- UInt64(bitPattern: stepMinimum)
  }

  /// The bits that distances from the minimum take, divided by `scale`.
  func distanceWidth(scale: UInt64) -> UInt8 {
    BitPacking.width(maximum: (maximum - minimum) / scale)
  }

  /// A header that states the block's range; the codec adds what is its own.
  func header(_ encoding: Encoding, scale: UInt64 = 1) -> EncodedBlock {
    var block = EncodedBlock(encoding, minimum: minimum, maximum: maximum)
    block.scale = scale
    return block
  }

  /// The greatest common divisor of all distances from the minimum; at least 1.
  func scale(of values: UnsafeBufferPointer<UInt64>) -> UInt64 {
    var divisor = CommonDivisor()
    for value in values {
      divisor.add(value &- minimum)
      if divisor.value == 1 { break }
    }
    return max(divisor.value, 1)
  }

  /// The greatest common divisor of all distances of steps from the smallest one; at least 1.
  func stepScale(of values: UnsafeBufferPointer<UInt64>) -> UInt64 {
    let smallest = UInt64(bitPattern: stepMinimum)
    var divisor = CommonDivisor()
    var index = 1
    while index < values.count, divisor.value != 1 {
      divisor.add(values[index] &- values[index &- 1] &- smallest)
      index &+= 1
    }
    return max(divisor.value, 1)
  }
}

/// The greatest common divisor of the numbers added so far; 0 when all were 0.
private struct CommonDivisor {
  private(set) var value: UInt64 = 0
  private var division = ExactDivision.byNothing

  @inline(__always)
  mutating func add(_ number: UInt64) {
    if !division.divides(number) { reduce(number) }
  }

  @inline(never)
  private mutating func reduce(_ number: UInt64) {
    value = ExactDivision.greatestCommonDivisor(value, number)
    division = ExactDivision(by: value)
  }
}
