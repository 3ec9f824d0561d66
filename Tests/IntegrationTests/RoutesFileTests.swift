// An ordinary web site's log becomes a load with a routes file.

import Testing

@Suite("routes files")
struct RoutesFileTests {
  static let routes = """
    # Articles are clicks, pictures are opens.
    click GET      /blog/{link*}   campaign=blog recipient={address}
    open  GET,HEAD /{link*}.png    campaign=site recipient={address}
    open  GET,HEAD /{link*}.gif    campaign=site recipient={address}
    """

  @Test("without a routes file a web site's log has no hits, and none of its lines is wrong")
  func ordinarySite() throws {
    let folder = try ScratchFolder()
    let log = try folder.write(WebsiteLog.text, to: "access.log")
    let load = LoadSummary(
      try Beacon(data: folder["data"]).ingest([log], options: ["--format", "combined"]).errorText)
    #expect(load.lineCount == WebsiteLog.lineCount)
    #expect(load.newEventCount == 0)
    #expect(load.rejectedCount == WebsiteLog.brokenCount)
    #expect(load.ignoredCount == WebsiteLog.lineCount - WebsiteLog.brokenCount)
  }

  @Test("with a routes file its articles are clicks and its pictures are opens")
  func siteWithRoutes() throws {
    let folder = try ScratchFolder()
    let log = try folder.write(WebsiteLog.text, to: "access.log")
    let routes = try folder.write(Self.routes, to: "site.routes")
    let beacon = Beacon(data: folder["data"])
    let options = ["--routes", routes, "--ip", "raw"]
    let load = LoadSummary(try beacon.ingest([log], options: options).errorText)
    #expect(load.lineCount == WebsiteLog.lineCount)
    #expect(load.rejectedCount == WebsiteLog.brokenCount)
    #expect(load.newEventCount + load.ignoredCount + load.rejectedCount == load.lineCount)
    let links = try beacon.rows(
      "SELECT link, clicks, clickers FROM events WHERE campaign = 'blog' GROUP BY link")
    #expect(links == WebsiteLog.clicksByLink)
    let people = try beacon.rows(
      "SELECT recipient, opens, clicks FROM events GROUP BY recipient SETTINGS audience = all")
    #expect(people == WebsiteLog.hitsByAddress)
  }
}
