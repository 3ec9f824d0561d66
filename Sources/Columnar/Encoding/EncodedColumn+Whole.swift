// Decoding a whole column at once, for loading tables and for arrays indexed by ordinal.
//
// SAFETY: the caller provides room for `rowCount` values and Limits.blockSlack more.

extension EncodedColumn {
  /// Writes all values to `target`.
  package func decodeAll(into target: UnsafeMutablePointer<UInt32>) {
    for block in blocks.indices {
      decode(block: block, into: target + block * Limits.blockRowCount)
    }
  }

  /// Writes all values to `target`.
  package func decodeAll(into target: UnsafeMutablePointer<UInt64>) {
    for block in blocks.indices {
      decode(block: block, into: target + block * Limits.blockRowCount)
    }
  }

  /// All values, as an array.
  package func decoded() -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: rowCount + Limits.blockSlack) { buffer, count in
      if let base = buffer.baseAddress { decodeAll(into: base) }
      count = rowCount
    }
  }

  /// The values of a block, as an array.
  package func decoded(block: Int) -> [UInt64] {
    let capacity = Limits.blockRowCount + Limits.blockSlack
    return [UInt64](unsafeUninitializedCapacity: capacity) { buffer, count in
      if let base = buffer.baseAddress { decode(block: block, into: base) }
      count = blockRowCount(block)
    }
  }

  /// The values of a block, as an array; they must fit 32 bits.
  package func decodedCodes(block: Int) -> [UInt32] {
    let capacity = Limits.blockRowCount + Limits.blockSlack
    return [UInt32](unsafeUninitializedCapacity: capacity) { buffer, count in
      if let base = buffer.baseAddress { decode(block: block, into: base) }
      count = blockRowCount(block)
    }
  }

  /// All values, as an array; they must fit 32 bits.
  package func decodedCodes() -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: rowCount + Limits.blockSlack) { buffer, count in
      if let base = buffer.baseAddress { decodeAll(into: base) }
      count = rowCount
    }
  }

  /// The rows that have a value, ascending; the column's values fit 32 bits.
  package func rows(of wanted: UInt32) -> [Int] {
    var rows: [Int] = []
    let capacity = Limits.blockRowCount + Limits.blockSlack
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { values in
      guard let values = values.baseAddress else { return }
      for (index, block) in blocks.enumerated()
      where block.minimum <= UInt64(wanted) && UInt64(wanted) <= block.maximum {
        decode(block: index, into: values)
        let (start, count) = (index * Limits.blockRowCount, blockRowCount(index))
        var row = 0
        while row < count {
          // Most often none of sixteen is the one. What stands behind the block's values is slack.
          if EncodedColumn.mayHave(wanted, values + row) {
            for index in row..<min(row + 16, count) where values[index] == wanted {
              rows.append(start + index)
            }
          }
          row += 16
        }
      }
    }
    return rows
  }

  /// Whether one of sixteen values is the one.
  @inline(__always)
  private static func mayHave(_ wanted: UInt32, _ values: UnsafePointer<UInt32>) -> Bool {
    let (source, zero) = (UnsafeRawPointer(values), SIMD4<UInt32>(repeating: 0))
    let wanted = SIMD4<UInt32>(repeating: wanted)
    // The highest bit of a number or of its negative is set, unless it is 0.
    var others = SIMD4<UInt32>(repeating: .max)
    for place in 0..<4 {
      let run = source.loadUnaligned(fromByteOffset: place &* 16, as: SIMD4<UInt32>.self)
      let difference = run ^ wanted
      others &= difference | (zero &- difference)
    }
    return others[0] & others[1] & others[2] & others[3] & 1 &<< 31 == 0
  }
}
