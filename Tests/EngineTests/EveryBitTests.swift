// Every bit of a manifest and of a segment of 256 KiB is turned, every block of 4 KiB zeroed, doubled and exchanged:
// an error that names the file, or the same answers, and never others.

import Base
import Columnar
import Engine
import Query
import TestSupport
import Testing

@Suite("Every bit, every block")
struct EveryBitTests {
  @Test("each bit of a manifest is turned: damage with its name")
  func manifest() throws {
    let data = try StoreDamageTests.makeData()
    let bytes = data.read("manifest")
    let stride = Cases.count(debug: 7, optimized: 1)
    for index in Swift.stride(from: 0, to: bytes.count * 8, by: stride) {
      data.write("manifest", EveryBitTests.turned(bytes, index))
      let reason = EveryBitTests.damage { _ = try Engine.open(data.path) }
      #expect(
        reason?.hasPrefix("\(data.path)/manifest: ") ?? false, "bit \(index): \(reason ?? "")")
    }
    data.write("manifest", bytes)
    #expect(try Engine.open(data.path).verify() == [])
  }

  @Test("each bit of a segment of 256 KiB is turned: damage, found where the bit is read")
  func segment() throws {
    let (data, name) = try EveryBitTests.makeSegment()
    let bytes = data.read(name)
    let places = try SegmentFile.places(bytes)
    let stride = Cases.count(debug: 499, optimized: 1)
    let wrong = Monitor<[Int]>([])
    Threads.forEach(2, threadCount: 2) { half in
      var damaged = bytes
      for index in Swift.stride(from: half * stride, to: bytes.count * 8, by: 2 * stride) {
        damaged[index / 8] ^= 1 << UInt8(index % 8)
        if !EveryBitTests.isNoticed(index / 8, damaged, places) {
          wrong.update { $0.append(index) }
        }
        damaged[index / 8] ^= 1 << UInt8(index % 8)
      }
    }
    #expect(wrong.update { $0 } == [])
    #expect(throws: Never.self) { try SegmentFile.read(bytes) }
  }

  /// Whether a file with damage at a byte is refused: as a whole, or by whoever reads the section of that byte.
  private static func isNoticed(_ byte: Int, _ bytes: [UInt8], _ places: [SectionPlace]) -> Bool {
    do throws(SectionFileError) {
      let file = try SectionFileReader(bytes, expecting: .segment)
      for id in file.ids {
        let place = try file.place(of: id)
        guard (place.offset..<place.offset + place.storedByteCount).contains(byte) else { continue }
        _ = try file.read(section: id)
      }
      return false
    } catch {
      return true
    }
  }

  @Test("each block of 4 KiB is zeroed, doubled or exchanged: damage with its name, or no change")
  func blocks() throws {
    let (data, segment) = try EveryBitTests.makeSegment()
    let answers = try EveryBitTests.answers(try Engine.open(data.path))
    for name in ["manifest", segment] {
      try EveryBitTests.tryBlocks(data, name) { fault, isChanged in
        let found = EveryBitTests.damage {
          let found = try EveryBitTests.answers(try Engine.open(data.path))
          #expect(found == answers, "\(fault)")
        }
        #expect((found != nil) == isChanged, "\(fault)")
        if let found { #expect(found.contains("\(data.path)/\(name)"), "\(fault): \(found)") }
      }
    }
  }

  @Test("the same under an engine that reads columns when they are asked for: damage, or unused")
  func coldBlocks() throws {
    let (data, name) = try EveryBitTests.makeSegment()
    var configuration = Engine.Configuration()
    configuration.memoryByteCountMax = 0
    let engine = try Engine.open(data.path, configuration: configuration)
    let answers = try EveryBitTests.answers(engine)
    var damageCount = 0
    try EveryBitTests.tryBlocks(data, name) { fault, _ in
      let found = EveryBitTests.damage {
        let found = try EveryBitTests.answers(engine)
        #expect(found == answers, "\(fault)")
      }
      if let found { #expect(found.contains("\(data.path)/\(name)"), "\(fault): \(found)") }
      damageCount += found == nil ? 0 : 1
    }
    #expect(damageCount > 0)
    #expect(try EveryBitTests.answers(engine) == answers)
  }

  /// Runs `body` with each fault of a file in place, and whether it changed a byte.
  private static func tryBlocks(
    _ data: TemporaryFolder, _ name: String, _ body: (BlockFault, Bool) throws -> Void
  ) throws {
    let bytes = data.read(name)
    let faults = BlockFault.all(byteCount: bytes.count)
    let stride = faults.count < 100 ? 1 : Cases.count(debug: 29, optimized: 1)
    for index in Swift.stride(from: 0, to: faults.count, by: stride) {
      let damaged = faults[index].apply(to: bytes)
      data.write(name, damaged)
      try body(faults[index], damaged != bytes)
    }
    data.write(name, bytes)
  }

  // MARK: Samples

  /// A data directory with one segment, of more than 256 KiB, and its name.
  private static func makeSegment() throws -> (data: TemporaryFolder, name: String) {
    let data = TemporaryFolder()
    data.become(try sample.get())
    let name = try #require(data.names.first { $0.contains("-segment") })
    return (data, name)
  }

  private static let sample = Result {
    let (logs, data) = (TemporaryFolder(), TemporaryFolder())
    var random = PRNG(seed: 64)
    var lines = ""
    for _ in 0..<60_000 {
      lines +=
        "{\"time\":\(1_773_500_000 + random.below(1 << 22)),\"kind\":\"converted\",\"campaign\":\"c\","
        + "\"recipient\":\"ann@example.org\",\"value\":\(random.below(1 << 30))}\n"
    }
    try StoreSamples.load(
      [logs.write("events.ndjson", lines)], into: try Engine.openForWriting(data.path))
    let names = data.names.filter { $0.contains("-segment") }
    #expect(names.count == 1)
    #expect(data.read(try #require(names.first)).count >= 256 << 10)
    return data
  }

  private static func answers(_ engine: Engine) throws -> String {
    try StoreSamples.answers(
      engine, ["SELECT day, conversions, revenue FROM events GROUP BY day"])
  }

  private static func turned(_ bytes: [UInt8], _ index: Int) -> [UInt8] {
    var bytes = bytes
    bytes[index / 8] ^= 1 << UInt8(index % 8)
    return bytes
  }

  /// What `body` found damaged, if anything.
  private static func damage(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch EngineError.damaged(let reason) {
      return reason
    } catch let error as QueryError where error.kind == .damaged {
      return error.message
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }
}

/// What a disk does to whole blocks.
private enum BlockFault {
  case zeroed(Int)
  /// The second block has what the first has.
  case doubled(Int, Int)
  case exchanged(Int, Int)

  private static let blockByteCount = 4 << 10

  /// All faults of a file; blocks are doubled onto the one behind them.
  static func all(byteCount: Int) -> [BlockFault] {
    let count = (byteCount + blockByteCount - 1) / blockByteCount
    var faults = (0..<count).map { BlockFault.zeroed($0) }
    faults += (0..<max(0, count - 1)).map { .doubled($0, $0 + 1) }
    for first in 0..<count { faults += (first + 1..<count).map { .exchanged(first, $0) } }
    return faults
  }

  func apply(to bytes: [UInt8]) -> [UInt8] {
    func block(_ index: Int) -> ArraySlice<UInt8> {
      let start = index * BlockFault.blockByteCount
      return bytes[start..<min(bytes.count, start + BlockFault.blockByteCount)]
    }
    var result = bytes
    switch self {
    case .zeroed(let index):
      for offset in block(index).indices { result[offset] = 0 }
    case .doubled(let source, let target):
      result.replaceSubrange(block(target).indices, with: block(source).prefix(block(target).count))
    case .exchanged(let first, let second):
      // The later one first, so that places before it stay where they are when it is shorter.
      result.replaceSubrange(block(second).indices, with: block(first))
      result.replaceSubrange(block(first).indices, with: block(second))
    }
    return result
  }
}
