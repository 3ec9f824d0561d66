// The fuzz body of a data directory: a valid one, in which files are changed behind right checksums, the manifest's
// included. Opening it is an error, or everything that can be done with a directory can be done with this one.

import Base
import Columnar
import Engine
import TestSupport
import Testing

/// A data directory in memory, and a folder to put its changed copies.
struct StoreFuzz {
  private let files: [String: [UInt8]]
  private let data = TemporaryFolder()
  private let logs = TemporaryFolder()
  private let extra: [String]

  init() throws {
    let whole = try StoreDamageTests.makeData()
    files = Dictionary(
      uniqueKeysWithValues: whole.names.filter { $0 != "lock" }.map { ($0, whole.read($0)) })
    extra = StoreSamples.write(logs, seed: 5, fileCount: 1)
  }

  /// Opens, checks, queries, loads into and opens again one changed directory.
  func run(_ random: inout PRNG, _ note: String) throws {
    try prepare(&random)
    guard let engine = try open() else { return }
    _ = engine.verify()
    _ = engine.inventory
    for _ in 0..<6 {
      _ = try StoreSamples.answers(engine, [random.pick(StoreSamples.queries)])
    }
    guard random.isHit(0.3) else { return }
    do {
      try StoreSamples.load(extra, into: data.path)
      _ = try StoreSamples.answers(data.path, [random.pick(StoreSamples.queries)])
    } catch EngineError.damaged(let reason) {
      Issue.record("what was accepted was written again as damage: \(reason), \(note)")
    }
  }

  private func open() throws -> Engine? {
    do throws(EngineError) {
      return try Engine.open(data.path, configuration: StoreSamples.configuration())
    } catch {
      guard case .damaged = error else { throw error }
      return nil
    }
  }

  private func prepare(_ random: inout PRNG) throws {
    for name in data.names { data.remove(name) }
    for (name, bytes) in files { data.write(name, bytes) }
    // Most of the files are segments and shards; the two that everything hangs on get their share.
    let names = files.keys.sorted()
    let shared = names.first { $0.hasSuffix("-shared") } ?? names[0]
    let name = random.pick([random.pick(names), random.pick(names), shared, "manifest"])
    var parts = try Dissection(files[name] ?? [], StoreFuzz.kind(name))
    for _ in 0...random.below(2) { parts.mutate(&random) }
    data.write(name, parts.bytes)
    if name != "manifest" { try announce(name, parts.bytes) }
  }

  /// Puts a file's new length and checksum into the manifest.
  private func announce(_ name: String, _ bytes: [UInt8]) throws {
    var parts = try Dissection(files["manifest"] ?? [], .manifest)
    let number = UInt64(name.prefix(8)) ?? 0
    var payload = parts.sections[0].payload
    for start in stride(from: 16, to: payload.count, by: 22) {
      guard StoreFuzz.load(payload[(start + 2)...].prefix(8)) == number else { continue }
      StoreFuzz.store(UInt64(bytes.count), 8, at: start + 10, &payload)
      StoreFuzz.store(UInt64(CRC32C.of(bytes)), 4, at: start + 18, &payload)
    }
    parts.sections[0].payload = payload
    data.write("manifest", parts.bytes)
  }

  private static func kind(_ name: String) -> SectionFileKind {
    if name == "manifest" { return .manifest }
    if name.hasSuffix("-shared") { return .shared }
    return name.contains("-segment-") ? .segment : .shard
  }

  private static func load(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func store(
    _ value: UInt64, _ byteCount: Int, at offset: Int, _ bytes: inout [UInt8]
  ) {
    for byte in 0..<byteCount { bytes[offset + byte] = UInt8(value >> UInt64(byte * 8) & 0xFF) }
  }
}

@Suite("Data directories under fuzzing")
struct StoreFuzzTests {
  @Test("a changed directory is refused or can be used in every way")
  func directories() throws {
    let fuzz = try StoreFuzz()
    try forAll(count: Cases.count(60)) { random, seed in try fuzz.run(&random, seed) }
  }
}
