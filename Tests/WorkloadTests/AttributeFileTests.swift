import Base
import Testing
import Workload

@Suite("Attribute files")
struct AttributeFileTests {
  private let folder: WorkloadFolder

  init() throws {
    var spec = WorkloadSpec(lineCount: 3000)
    spec.campaignCount = 20
    folder = try WorkloadFolder(spec)
  }

  @Test("quoted fields keep their commas and quotes, and every row has every field")
  func quoting() throws {
    for name in ["recipients.csv", "links.csv", "campaigns.csv"] {
      let rows = try folder.lines(name).map(fields)
      #expect(rows.allSatisfy { $0.count == rows[0].count }, "\(name)")
    }
    let schools = Set(try folder.lines("recipients.csv").map { fields($0)[1] })
    #expect(schools.isSuperset(of: ["Arts, Letters and Design", "School \"North\"", "Law"]))
    let urls = try folder.lines("links.csv").dropFirst().map { fields($0)[1] }
    #expect(urls.allSatisfy { $0.contains(",") && $0.hasPrefix("https://") })
  }

  @Test("whoever is sent something, and whatever is sent, has a row of its own")
  func references() throws {
    let recipients = try keys("recipients.csv")
    let campaigns = try keys("campaigns.csv")
    #expect(recipients.count == folder.spec.recipientCount)
    #expect(campaigns.count == folder.spec.campaignCount)
    for line in try folder.lines("sends.ndjson") {
      let fields = try #require(FlatJSON.fields(line))
      #expect(recipients.contains(fields["recipient"] ?? ""))
      #expect(campaigns.contains(fields["campaign"] ?? ""))
    }
  }

  @Test("ids have spaces, plus signs and letters beyond ASCII")
  func strangeIDs() throws {
    let recipients = try keys("recipients.csv")
    #expect(recipients.contains { $0.hasPrefix("member ") })
    #expect(recipients.contains { $0.contains("+news@") })
    #expect(recipients.contains { !$0.utf8.allSatisfy { $0 < 0x80 } })
    let domains = Set(recipients.compactMap { $0.split(separator: "@").dropFirst().first })
    #expect(domains.count > 25)
    let campaigns = try keys("campaigns.csv")
    #expect(campaigns.contains { $0.contains(" ") } && campaigns.contains { $0.contains("+") })
  }

  /// The first fields of all rows but the header; no two are the same.
  private func keys(_ name: String) throws -> Set<String> {
    let lines = try folder.lines(name).dropFirst()
    let keys = Set(lines.map { fields($0)[0] })
    #expect(keys.count == lines.count)
    return keys
  }

  /// The fields of a CSV line by RFC 4180.
  private func fields(_ line: [UInt8]) -> [String] {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    var previous: UInt8 = 0
    for byte in line {
      if byte == ASCII.quote {
        // The second of two quotes is one that the field holds.
        if !isQuoted && previous == ASCII.quote { fields[fields.count - 1].append(byte) }
        isQuoted.toggle()
      } else if byte == ASCII.comma && !isQuoted {
        fields.append([])
      } else {
        fields[fields.count - 1].append(byte)
      }
      previous = byte
    }
    return fields.map { String(decoding: $0, as: UTF8.self) }
  }
}
