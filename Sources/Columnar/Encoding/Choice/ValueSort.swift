// Sorting the few hundred values of a block's dictionary byte by byte: several times faster than
// comparing them, and dictionaries are built for every block of most columns.
//
// SAFETY: both areas hold `count` values; counters are indexed by bytes.

enum ValueSort {
  /// Sorts `values`, which are at least `minimum` and at most `maximum`; `spare` is overwritten.
  static func sort(
    _ values: UnsafeMutablePointer<UInt64>, spare: UnsafeMutablePointer<UInt64>, count: Int,
    minimum: UInt64, maximum: UInt64
  ) {
    var (source, target) = (values, spare)
    var shift: UInt64 = 0
    while shift < 64, (maximum &- minimum) &>> shift > 0 {
      distribute(source, into: target, count: count, base: minimum, shift: shift)
      swap(&source, &target)
      shift &+= 8
    }
    if source != values { values.update(from: source, count: count) }
  }

  /// One pass: stable, by the byte at `shift` of the distance from `base`.
  private static func distribute(
    _ source: UnsafePointer<UInt64>, into target: UnsafeMutablePointer<UInt64>, count: Int,
    base: UInt64, shift: UInt64
  ) {
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 256) { places in
      guard let place = places.baseAddress else { return }
      place.initialize(repeating: 0, count: 256)
      var index = 0
      while index < count {
        place[Int((source[index] &- base) &>> shift & 0xFF)] &+= 1
        index &+= 1
      }
      var (sum, byte): (UInt16, Int) = (0, 0)
      while byte < 256 {
        (place[byte], sum) = (sum, sum &+ place[byte])
        byte &+= 1
      }
      index = 0
      while index < count {
        let byte = Int((source[index] &- base) &>> shift & 0xFF)
        target[Int(place[byte])] = source[index]
        place[byte] &+= 1
        index &+= 1
      }
    }
  }
}
