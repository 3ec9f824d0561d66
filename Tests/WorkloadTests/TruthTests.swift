import Testing
import Workload

@Suite("Truth")
struct TruthTests {
  @Test("a plain reader of the files finds the truth", arguments: [1, 2] as [UInt64])
  func agreement(seed: UInt64) throws {
    let folder = try WorkloadFolder(WorkloadSpec(lineCount: 2500, seed: seed))
    var reader = PlainReader()
    try reader.read(folder)
    let found = reader.conclusion()
    var expected = folder.truth
    expected.campaigns.sort { $0.id < $1.id }
    #expect(found == expected, "seed \(seed)")
  }

  @Test("few recipients get a campaign in several sends, each message once")
  func fewRecipients() throws {
    var spec = WorkloadSpec(lineCount: 1000)
    spec.recipientCount = 40
    let folder = try WorkloadFolder(spec)
    var reader = PlainReader()
    try reader.read(folder)
    #expect(reader.conclusion().messages == folder.truth.messages)
    #expect(folder.truth.sent > 480)
  }

  @Test("a workload has some of everything that is hard to count, and about the lines asked for")
  func variety() throws {
    let truth = try WorkloadFolder(WorkloadSpec(lineCount: 12_000)).truth
    let counts = [
      truth.rejected, truth.ignored.noRoute, truth.ignored.status, truth.ignored.method,
      truth.ignored.comment, truth.repeats, truth.hardBounced, truth.softBounced,
      truth.blockBounced, truth.uniqueUnsubscribes, truth.uniqueComplaints,
      truth.uniqueConversions, truth.machine.clicks, truth.human.clicks,
      truth.bounced - truth.hardBounced - truth.softBounced - truth.blockBounced,
      truth.messages - truth.sent, truth.delivered + truth.bounced - truth.messages,
    ]
    #expect(counts.allSatisfy { $0 > 0 }, "\(counts)")
    for audience in [truth.human, truth.machine, truth.all] {
      #expect(audience.uniqueOpens < audience.uniqueOpensImplied)
      #expect(audience.uniqueClicks < audience.uniqueOpensImplied)
    }
    #expect((10_000...14_000).contains(truth.logLines), "\(truth.logLines)")
  }

  @Test("truth.json says what the generator returned")
  func json() throws {
    let folder = try WorkloadFolder(WorkloadSpec(lineCount: 400))
    let text = String(decoding: try folder.bytes("truth.json"), as: UTF8.self)
    #expect(text == folder.truth.json(folder.spec))
    #expect(text.contains("\"log_lines\": \(folder.truth.logLines),"))
    #expect(text.contains("\"unique_opens_implied_off\": \(folder.truth.human.uniqueOpens),"))
  }
}
