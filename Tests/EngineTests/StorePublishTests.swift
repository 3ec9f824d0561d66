import Base
import Engine
import Glibc
import TestSupport
import Testing

@Suite("Publishing a state")
struct StorePublishTests {
  @Test("a crash between any two steps leaves the old state or the new one")
  func crashes() throws {
    let (logs, old, new) = (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    let second = StoreSamples.write(logs, seed: 2)
    try StoreSamples.load(StoreSamples.write(logs, seed: 1), into: old.path)
    new.become(old)
    try StoreSamples.load(second, into: new.path)
    let (before, after) = (try StoreSamples.answers(old.path), try StoreSamples.answers(new.path))
    #expect(before != after)
    let added = new.names.filter { !old.names.contains($0) }
    let crashed = TemporaryFolder()
    for count in stride(from: 0, through: added.count, by: 16) {
      crashed.become(old)
      for name in added.prefix(count) { crashed.write(name, new.read(name)) }
      if count < added.count {
        crashed.write(added[count] + ".part", Array(new.read(added[count]).dropLast(3)))
      } else {
        crashed.write("manifest.part", Array(new.read("manifest").dropLast(3)))
      }
      #expect(try StoreSamples.answers(crashed.path) == before, "\(count) new files")
      try StoreSamples.load(second, into: crashed.path)
      #expect(try StoreSamples.answers(crashed.path) == after, "\(count) new files")
      #expect(crashed.names == new.names, "\(count) new files")
    }
    // The manifest was replaced, and nothing was removed yet.
    for name in new.names { crashed.write(name, new.read(name)) }
    for name in old.names where !new.names.contains(name) { crashed.write(name, old.read(name)) }
    #expect(try StoreSamples.answers(crashed.path) == after)
    _ = try Engine.openForWriting(crashed.path)
    #expect(crashed.names == new.names)
  }

  @Test("the very first load is all or nothing too")
  func firstLoad() throws {
    let (logs, data) = (TemporaryFolder(), TemporaryFolder())
    _ = try Engine.openForWriting(data.path)
    let files = StoreSamples.write(logs, seed: 1)
    let other = TemporaryFolder()
    try StoreSamples.load(files, into: other.path)
    for name in other.names where name != "manifest" { data.write(name, other.read(name)) }
    #expect(try Engine.open(data.path).inventory.eventCount == 0)
    try StoreSamples.load(files, into: data.path)
    #expect(try StoreSamples.answers(data.path) == StoreSamples.answers(other.path))
  }

  @Test("a load that the disk refuses changes nothing, and the next one works")
  func refusedPublication() throws {
    let (logs, data, expected) = (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    let (first, second) = (
      StoreSamples.write(logs, seed: 1), StoreSamples.write(logs, seed: 2)
    )
    let third = StoreSamples.write(logs, seed: 3)
    for files in [first, third] { try StoreSamples.load(files, into: expected.path) }
    let engine = try Engine.openForWriting(data.path, configuration: StoreSamples.configuration())
    try StoreSamples.load(first, into: engine)
    let before = try StoreSamples.answers(engine)
    // A folder where the next file would appear cannot be replaced by a file.
    let numbers = data.names.compactMap { Int($0.prefix(8)) }
    let next = String((numbers.max() ?? 0) + 1)
    let obstacle = String(repeating: "0", count: 8 - next.count) + next + "-shared"
    mkdir(data.file(obstacle), 0o755)
    let names = data.names
    #expect(throws: EngineError.self) { try StoreSamples.load(second, into: engine) }
    #expect(data.names == names, "what was written before the refusal takes no room")
    #expect(try StoreSamples.answers(engine) == before)
    #expect(try StoreSamples.answers(data.path) == before)
    rmdir(data.file(obstacle))
    try StoreSamples.load(third, into: engine)
    #expect(try StoreSamples.answers(engine) == StoreSamples.answers(expected.path))
    #expect(try StoreSamples.answers(data.path) == StoreSamples.answers(expected.path))
  }

  @Test("many loads of one engine, and as many engines, make the same directory as one load")
  func manyLoads() throws {
    let logs = TemporaryFolder()
    let files =
      StoreSamples.write(logs, seed: 1)
      + (2...5).flatMap { StoreSamples.write(logs, seed: $0, fileCount: 1).prefix(2) }
    let (once, one, many) = (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    try StoreSamples.load(files, into: once.path)
    let engine = try Engine.openForWriting(one.path, configuration: StoreSamples.configuration())
    for file in files {
      try StoreSamples.load([file], into: engine)
      try StoreSamples.load([file], into: many.path)
    }
    let expected = try StoreSamples.answers(once.path, StoreSamples.queries)
    #expect(try StoreSamples.answers(engine, StoreSamples.queries) == expected)
    #expect(try StoreSamples.answers(one.path, StoreSamples.queries) == expected)
    #expect(try StoreSamples.answers(many.path, StoreSamples.queries) == expected)
    #expect(engine.verify().isEmpty)
    #expect(try Engine.open(many.path).verify().isEmpty)
  }

  @Test("a second writer is refused while readers come and go")
  func secondWriter() throws {
    let data = try StoreDamageTests.makeData()
    let writer = try Engine.openForWriting(data.path)
    #expect(
      throws: EngineError.failed(
        "\(data.path) is being written by process \(getpid()); wait for it to end")
    ) { try Engine.openForWriting(data.path) }
    #expect(try Engine.open(data.path).inventory.eventCount == writer.inventory.eventCount)
  }

  @Test("a reader that opens while a writer publishes sees one whole state")
  func readersBesideWriter() throws {
    let (logs, data) = (TemporaryFolder(), TemporaryFolder())
    let files = (1...7).map { StoreSamples.write(logs, seed: $0, fileCount: 1)[0] }
    try StoreSamples.load([files[0]], into: data.path)
    let roles = Monitor(0)
    let isDone = Monitor(false)
    let counts = Monitor<[Int]>([])
    let failures = Monitor<[String]>([])
    Threads.run(2) {
      let isWriter = roles.update { role in
        role += 1
        return role == 1
      }
      do {
        if isWriter {
          defer { isDone.update { $0 = true } }
          for file in files.dropFirst() { try StoreSamples.load([file], into: data.path) }
        } else {
          while !isDone.update({ $0 }) {
            let count = try Engine.open(data.path).inventory.eventCount
            counts.update { $0.append(count) }
          }
        }
      } catch {
        failures.update { $0.append("\(isWriter ? "writer" : "reader"): \(error)") }
      }
    }
    #expect(failures.update { $0 }.isEmpty)
    let seen = counts.update { $0 }
    #expect(!seen.isEmpty && seen == seen.sorted())
  }
}
