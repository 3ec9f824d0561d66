// Blocks of values that codecs get wrong: edges of lengths, of widths, of ranges and of runs.

import Base
import Columnar

/// Values with a name to print when they fail.
struct CodecSample: CustomStringConvertible {
  let name: String
  let values: [UInt64]

  var description: String { "\(name), \(values.count) values" }

  /// Every kind in every short length, and a few kinds in every length around a block's end.
  static func all(_ random: inout PRNG) -> [CodecSample] {
    var samples: [CodecSample] = []
    for count in [0, 1, 2, 127, 128, 129, 257] {
      for kind in kinds { samples.append(make(kind, count, &random)) }
    }
    for count in [4095, 4096, 4097, 8192 + random.below(4096)] {
      for _ in 0..<3 { samples.append(make(random.pick(kinds), count, &random)) }
    }
    return samples
  }

  static let kinds = [
    "equal", "alternating", "ascending", "descending", "sorted", "random", "sparse", "runs",
    "thousands",
    "few", "1024 distinct", "1025 distinct", "around the maximum of 64 bits",
    "around the maximum of 32 bits", "seconds", "bursts", "wild",
  ]

  static func make(_ kind: String, _ count: Int, _ random: inout PRNG) -> CodecSample {
    var previous = random.next() >> 20
    var values = (0..<count).map { index in value(kind, index, &previous, &random) }
    if kind == "sorted" { values.sort() }
    return CodecSample(name: kind, values: values)
  }

  private static func value(
    _ kind: String, _ index: Int, _ previous: inout UInt64, _ random: inout PRNG
  ) -> UInt64 {
    let place = UInt64(index)
    switch kind {
    case "equal": return 0x1234_5678_9ABC_DEF0
    case "alternating": return index % 2 == 0 ? 0 : .max
    case "ascending": return 7 + place * 3
    case "descending": return 1_000_000 - place * 11
    case "sorted": return random.next() >> 24
    case "sparse": return random.isHit(0.002) ? random.next() : 5
    case "runs":
      if random.isHit(0.05) { previous = random.next() >> 40 }
      return previous
    case "thousands": return 1_700_000_000_000 + UInt64(random.below(100_000)) * 1000
    case "few": return [3, 99, 1_000_000_007, UInt64.max - 3][random.below(4)]
    case "1024 distinct": return Hash.of(place % 1024)
    case "1025 distinct": return Hash.of(place % 1025)
    case "around the maximum of 64 bits": return UInt64.max - UInt64(random.below(3))
    case "around the maximum of 32 bits": return UInt64(UInt32.max) - 1 + UInt64(random.below(3))
    case "seconds":
      previous += UInt64(random.below(20)) * 1000
      return previous
    case "bursts":
      // Like sends: a burst, then nothing for a while.
      previous += UInt64(index % 500 == 0 ? 1_000_000 + random.below(1000) : random.below(3))
      return previous
    case "wild": return random.next() >> UInt64(random.below(64))
    default: return random.next()
    }
  }
}

extension EncodedColumn {
  convenience init(_ values: [UInt64], forcing encoding: Encoding? = nil) {
    let buffer = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: values.count)
    defer { buffer.deallocate() }
    _ = buffer.initialize(from: values)
    self.init(encoding: UnsafeBufferPointer(buffer), forcing: encoding)
  }

  convenience init(_ values: [UInt32], forcing encoding: Encoding? = nil) {
    let buffer = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: values.count)
    defer { buffer.deallocate() }
    _ = buffer.initialize(from: values)
    self.init(encoding: UnsafeBufferPointer(buffer), forcing: encoding)
  }

  /// All values by way of 64-bit blocks; traps when a codec writes beyond the slack.
  var decoded: [UInt64] {
    DecodeTarget<UInt64>.collect(self) { decode(block: $0, into: $1) }
  }

  /// All values by way of 32-bit blocks.
  var decodedNarrow: [UInt32] {
    DecodeTarget<UInt32>.collect(self) { decode(block: $0, into: $1) }
  }

  /// The column's bytes on disk.
  var written: [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// What reading `bytes` gives.
  static func read(
    _ bytes: [UInt8], rowCountMax: Int = Limits.segmentRowCountMax
  ) -> Result<EncodedColumn, ColumnError> {
    bytes.withUnsafeBufferPointer { buffer in
      var cursor = ByteCursor(ByteSlice(buffer))
      return Result { () throws(ColumnError) in
        try EncodedColumn(reading: &cursor, rowCountMax: rowCountMax)
      }
    }
  }
}

/// A target of the promised capacity with a fence behind it.
private enum DecodeTarget<Word: FixedWidthInteger> {
  static func collect(
    _ column: EncodedColumn, _ decode: (Int, UnsafeMutablePointer<Word>) -> Void
  ) -> [Word] {
    let (capacity, fence) = (Limits.blockRowCount + 32, 64)
    let target = UnsafeMutablePointer<Word>.allocate(capacity: capacity + fence)
    defer { target.deallocate() }
    target.initialize(repeating: 0xA5, count: capacity + fence)
    var values: [Word] = []
    for block in column.blocks.indices {
      decode(block, target)
      values += UnsafeBufferPointer(start: target, count: column.blockRowCount(block))
      let isIntact = (capacity..<capacity + fence).allSatisfy { target[$0] == 0xA5 }
      precondition(isIntact, "block \(block) was decoded beyond its target")
    }
    return values
  }
}
