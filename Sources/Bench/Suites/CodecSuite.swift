// Each codec of a column on values that suit it: encoding and decoding, and how small it makes them.
//
// SAFETY: decoding goes to a buffer of one block and the slack that decoders may write.

internal import Base
internal import Columnar

extension Suite {
  static let codecs = Suite(name: "codecs") { fixture in
    let rowCount = min(max(fixture.options.lineCount, 8192), 4_000_000)
    return Encoding.allCases.flatMap { CodecBenchmark($0, rowCount: rowCount).benchmarks }
  }
}

private final class CodecBenchmark {
  private let encoding: Encoding
  private let values: [UInt64]
  private let column: EncodedColumn
  private let sum: UInt64
  private let block = UnsafeMutablePointer<UInt64>.allocate(
    capacity: Limits.blockRowCount + Limits.blockSlack)
  private let copy: UnsafeMutablePointer<UInt64>

  init(_ encoding: Encoding, rowCount: Int) {
    self.encoding = encoding
    values = CodecSample.values(for: encoding, count: rowCount)
    column = values.withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: encoding) }
    sum = values.reduce(0, &+)
    copy = .allocate(capacity: rowCount)
    copy.initialize(repeating: 0, count: rowCount)
  }

  deinit {
    block.deallocate()
    copy.deallocate()
  }

  var benchmarks: [Benchmark] {
    let work = Work(values.count, "values", byteCount: values.count * 8)
    let name = "\(encoding)"
    return [
      Benchmark("codecs/copy/\(name)", work: work) { try self.copyAll($0) },
      Benchmark("codecs/encode/\(name)", work: work, floor: "codecs/copy/\(name)") {
        try self.encode($0)
      },
      Benchmark("codecs/sum/\(name)", work: work) { try self.sumAll($0) },
      Benchmark("codecs/decode/\(name)", work: work, floor: "codecs/sum/\(name)") {
        try self.decode($0)
      },
    ]
  }

  private func copyAll(_ recorder: Recorder) throws {
    recorder.time {
      values.withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { copy.update(from: base, count: buffer.count) }
      }
    }
    try BenchFailure.unless(copy[values.count - 1], is: values[values.count - 1], "the last value")
  }

  private func encode(_ recorder: Recorder) throws {
    let encoded = recorder.time {
      values.withUnsafeBufferPointer { EncodedColumn(encoding: $0, forcing: encoding) }
    }
    let isForced = encoded.blocks.allSatisfy { $0.encoding == encoding }
    try BenchFailure.unless(isForced, is: true, "every block in \(encoding)")
    try BenchFailure.unless(encoded.decoded() == values, is: true, "values come back")
    recorder.note("bits/value", Double(encoded.payloadByteCount * 8) / Double(values.count))
  }

  private func sumAll(_ recorder: Recorder) throws {
    let found = recorder.time {
      values.withUnsafeBufferPointer { ColumnScan.sum($0) }
    }
    try BenchFailure.unless(found, is: sum, "sum")
  }

  /// Decodes block after block into the same place, and sums there, so that no value is left out.
  private func decode(_ recorder: Recorder) throws {
    let found = recorder.time {
      var sum: UInt64 = 0
      for index in column.blocks.indices {
        column.decode(block: index, into: block)
        let count = column.blockRowCount(index)
        sum &+= ColumnScan.sum(UnsafeBufferPointer(start: block, count: count))
      }
      return sum
    }
    try BenchFailure.unless(found, is: sum, "sum")
  }
}
