// Random bytes, eight at a time.

package import Base

extension PRNG {
  /// So many random bytes.
  package mutating func bytes(_ count: Int) -> [UInt8] {
    var words = [UInt64](repeating: 0, count: (count + 7) / 8)
    var index = 0
    while index < words.count {
      words[index] = next().littleEndian
      index += 1
    }
    return words.withUnsafeBytes { Array($0.prefix(count)) }
  }
}
