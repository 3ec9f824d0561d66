import Base
import Engine
import Glibc
import TestSupport
import Testing

@Suite("Damaged data directories")
struct StoreDamageTests {
  @Test(
    "a file that is flipped, cut, emptied, lengthened, replaced or gone is damage with its name")
  func everyFile() throws {
    let (whole, damaged) = (try StoreDamageTests.makeData(), TemporaryFolder())
    #expect(try Engine.open(whole.path).verify().isEmpty)
    let names = whole.names.filter { $0 != "lock" }
    #expect(names.count > 20)
    var random = PRNG(seed: 8)
    for name in names {
      let bytes = whole.read(name)
      var flipped = bytes
      flipped[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
      let other = random.pick(names.filter { $0 != name })
      let damages: [(String, [UInt8]?)] = [
        ("flipped", flipped), ("cut", Array(bytes.prefix(random.below(bytes.count)))),
        ("empty", []), ("longer", bytes + [0]), ("replaced", whole.read(other)), ("gone", nil),
      ]
      damaged.become(whole)
      for (damage, content) in damages {
        if let content { damaged.write(name, content) } else { damaged.remove(name) }
        StoreDamageTests.expectDamage(damaged, name, "\(name) is \(damage)")
      }
    }
  }

  @Test("a folder in place of a file, and files of other programs, are told from damage")
  func strangers() throws {
    let data = try StoreDamageTests.makeData()
    let before = try StoreSamples.answers(data.path)
    let strangers = [
      "notes.txt", "report.part", "00000001-other", "1-shared", "12345678", "segment-00000001",
    ]
    for name in strangers { data.write(name, "mine") }
    try StoreSamples.load([], into: data.path)
    #expect(Set(strangers).isSubset(of: Set(data.names)))
    #expect(try StoreSamples.answers(data.path) == before)
    data.remove("manifest")
    mkdir(data.file("manifest"), 0o755)
    #expect(throws: EngineError.self) { try Engine.open(data.path) }
  }

  static func makeData() throws -> TemporaryFolder {
    let (logs, data) = (TemporaryFolder(), TemporaryFolder())
    try StoreSamples.load(StoreSamples.write(logs, seed: 1), into: data.path)
    return data
  }

  private static func expectDamage(_ data: TemporaryFolder, _ name: String, _ note: String) {
    for isWriter in [false, true] {
      do {
        _ = try isWriter ? Engine.openForWriting(data.path) : Engine.open(data.path)
        Issue.record("\(note), and nobody noticed")
      } catch EngineError.damaged(let reason) {
        #expect(reason.hasPrefix("\(data.path)/\(name)"), "\(note): \(reason)")
      } catch {
        Issue.record("\(note): \(error)")
      }
    }
  }
}
