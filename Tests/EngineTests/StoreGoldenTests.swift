import Engine
import TestSupport
import Testing

@Suite("Files of version 1")
struct StoreGoldenTests {
  private static let names = [
    ("manifest", "manifest"), ("00000001-shared", "shared"), ("00000002-shard-13", "shard"),
    ("00000003-segment-13", "segment"),
  ]

  @Test("a directory that version 1 wrote opens, answers and can be loaded into")
  func readable() throws {
    let data = TemporaryFolder()
    for (name, golden) in StoreGoldenTests.names {
      data.write(name, try FormatSample.bytes(golden))
    }
    let query = """
      SELECT campaign, variant, link, campaign.season, recipient.plan, kind, sent, unique_opens, \
      clicks, conversions, revenue \
      FROM events GROUP BY campaign, variant, link, campaign.season, recipient.plan, kind
      """
    let engine = try Engine.open(data.path)
    #expect(engine.verify().isEmpty)
    #expect(engine.inventory.eventCount == 3)
    let answer = try StoreSamples.answers(engine, [query])
    #expect(
      answer == """
        campaign\tvariant\tlink\tcampaign.season\trecipient.plan\tkind\tsent\tunique_opens\t\
        clicks\tconversions\trevenue
        spring\ta\tshop\tearly\tgold\tclicked\t0\t1\t1\t0\t\\N
        spring\ta\t\\N\tearly\tgold\tconverted\t0\t0\t0\t1\t19.9
        spring\ta\t\\N\tearly\tgold\tsent\t1\t0\t0\t0\t\\N

        """)
    let events = data.write(
      "more.ndjson",
      """
      {"time":"2026-03-15","kind":"sent","campaign":"spring","recipient":"bob@example.org"}
      {"time":"2026-03-14T11:00:00Z","kind":"converted","campaign":"spring",\
      "recipient":"ann@example.org","value":"19.90","currency":"EUR","id":"order-1"}
      """)
    try StoreSamples.load([events], into: data.path)
    // The conversion has the id of one that is there already.
    #expect(try Engine.open(data.path).inventory.eventCount == 4)
  }
}
