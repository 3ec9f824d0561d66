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
        for row in 0..<count where values[row] == wanted { rows.append(start + row) }
      }
    }
    return rows
  }
}
