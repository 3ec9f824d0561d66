import Base
import Ingest
import TestSupport
import Testing

@Suite("Chunks of whole lines")
struct ChunkReaderTests {
  private struct Reading: Equatable {
    var lines: [[UInt8]] = []
    var tooLongCount = 0
  }

  @Test("every line arrives once and whole, however the input is cut")
  func lines() throws {
    try forAll(count: 60) { random, seed in
      let input = ChunkReaderTests.input(&random)
      var pieces: [[UInt8]] = []
      var rest = input[...]
      while !rest.isEmpty {
        // Every piece is a chunk of its own, so short ones only where there are few of them.
        let longest = input.count < 2000 ? random.pick([3, 100]) : random.pick([3000, 70_000])
        let count = 1 + random.below(min(rest.count, longest))
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      let reading = try ChunkReaderTests.read(pieces)
      #expect(reading == ChunkReaderTests.naive(input), "\(seed)")
    }
  }

  @Test(
    "a line at the limit, one beyond it and their neighbours",
    arguments: [997, 65_536, 65_537, 200_000])
  func limits(_ pieceByteCount: Int) throws {
    let limit = Limits.lineByteCountMax
    for lengths in [
      [limit], [limit + 1], [5, limit, 5], [5, limit + 1, 5], [3 * limit, 3 * limit],
    ] {
      for endsWithNewline in [true, false] {
        var input = lengths.enumerated().map { index, count in
          [UInt8](repeating: 97 + UInt8(index), count: count)
        }.joined(separator: [10]).map { $0 }
        if endsWithNewline { input.append(10) }
        let pieces = stride(from: 0, to: input.count, by: pieceByteCount).map {
          Array(input[$0..<min($0 + pieceByteCount, input.count)])
        }
        let reading = try ChunkReaderTests.read(pieces)
        #expect(reading == ChunkReaderTests.naive(input), "\(lengths), \(endsWithNewline)")
      }
    }
  }

  @Test("an empty input has no lines, and NULs are bytes like others")
  func edges() throws {
    #expect(try ChunkReaderTests.read([]) == Reading())
    #expect(try ChunkReaderTests.read([[10]]).lines == [[]])
    #expect(try ChunkReaderTests.read([[0, 0], [10, 0]]).lines == [[0, 0], [0]])
    #expect(try ChunkReaderTests.read([[10, 10], [10]]).lines == [[], [], []])
  }

  /// Reads `pieces` as an input that arrives in them. Lines over the limit that a chunk holds whole are the parsers'
  /// to reject; here they are counted like the others.
  private static func read(_ pieces: [[UInt8]]) throws -> Reading {
    let chunks = pieces.map { piece in
      let chunk = Chunk()
      _ = chunk.space.update(fromContentsOf: piece)
      chunk.fill(byteCount: piece.count)
      return chunk
    }
    let reader = ChunkReader(RawSource(kept: chunks))
    let chunk = Chunk()
    var reading = Reading()
    while try reader.read(into: chunk) {
      var lines = chunk.lines.array.split(separator: 10, omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      for line in lines {
        if line.count > Limits.lineByteCountMax {
          reading.tooLongCount += 1
        } else {
          reading.lines.append(Array(line))
        }
      }
    }
    let isAtEnd = try !reader.read(into: chunk)
    #expect(isAtEnd)
    reading.tooLongCount += reader.tooLongCount
    return reading
  }

  private static func naive(_ input: [UInt8]) -> Reading {
    var lines = input.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    if lines.last?.isEmpty == true { lines.removeLast() }
    let short = lines.filter { $0.count <= Limits.lineByteCountMax }
    return Reading(lines: short, tooLongCount: lines.count - short.count)
  }

  private static func input(_ random: inout PRNG) -> [UInt8] {
    var input: [UInt8] = []
    for _ in 0..<random.below(12) {
      let count = random.pick([0, 1, 5, 80, 5000, 65_535, 65_536, 65_537, 150_000])
      input += (0..<count).map { UInt8(truncatingIfNeeded: $0 % 7 + 97) }
      if count > 3, random.isHit(0.2) { input[input.count - 2] = 0 }
      if random.isHit(0.9) { input.append(10) }
    }
    return input
  }
}
