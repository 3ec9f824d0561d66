// Stable order of 64-bit keys: least significant byte first, skipping the bytes in which all keys agree.
//
// SAFETY: the scratch arrays hold exactly one element per key; histogram offsets stay below that count.

package enum RadixSort {
  /// The indices of `keys` in ascending order of their keys; equal keys keep their order.
  package static func order(of keys: [UInt64]) -> [UInt32] {
    var order = (0..<UInt32(keys.count)).map { $0 }
    guard keys.count > 1 else { return order }
    var spare = [UInt32](repeating: 0, count: keys.count)
    let differing = keys.reduce(UInt64(0)) { $0 | ($1 ^ keys[0]) }
    for shift in stride(from: UInt64(0), to: 64, by: 8) where (differing >> shift) & 0xFF != 0 {
      pass(keys, shift, &order, &spare)
      swap(&order, &spare)
    }
    return order
  }

  private static func pass(
    _ keys: [UInt64], _ shift: UInt64, _ source: inout [UInt32], _ target: inout [UInt32]
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { starts in
      starts.initialize(repeating: 0)
      keys.withUnsafeBufferPointer { keys in
        for key in keys { starts[Int((key >> shift) & 0xFF)] &+= 1 }
        var total = 0
        for byte in 0..<256 { (starts[byte], total) = (total, total &+ starts[byte]) }
        source.withUnsafeBufferPointer { source in
          target.withUnsafeMutableBufferPointer { target in
            var index = 0
            while index < source.count {
              let byte = Int((keys[Int(source[index])] >> shift) & 0xFF)
              target[starts[byte]] = source[index]
              starts[byte] &+= 1
              index &+= 1
            }
          }
        }
      }
    }
  }
}
