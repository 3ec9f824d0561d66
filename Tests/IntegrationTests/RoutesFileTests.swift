// An ordinary web site's log becomes a load with a routes file.

import TestSupport
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
    let folder = TemporaryFolder()
    let log = folder.write("access.log", WebsiteLog.text)
    let load = LoadSummary(
      try Beacon(data: folder.file("data")).ingest([log], options: ["--format", "combined"])
        .errorText)
    #expect(load.lineCount == WebsiteLog.lineCount)
    #expect(load.newEventCount == 0)
    #expect(load.rejectedCount == WebsiteLog.brokenCount)
    #expect(load.ignoredCount == WebsiteLog.lineCount - WebsiteLog.brokenCount)
  }

  @Test("with a routes file its articles are clicks and its pictures are opens")
  func siteWithRoutes() throws {
    let folder = TemporaryFolder()
    let log = folder.write("access.log", WebsiteLog.text)
    let routes = folder.write("site.routes", Self.routes)
    let beacon = Beacon(data: folder.file("data"))
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

  @Test("a long file counts to its last line, and one that is too long is refused whole")
  func longFiles() throws {
    let folder = TemporaryFolder()
    let log = folder.write("access.log", WebsiteLog.text)
    let remarks = String(repeating: "# " + String(repeating: "-", count: 97) + "\n", count: 10_000)
    let routes = folder.write("long.routes", remarks + Self.routes)
    let beacon = Beacon(data: folder.file("data"))
    try beacon.ingest([log], options: ["--routes", routes, "--ip", "raw"])
    let links = try beacon.rows(
      "SELECT link, clicks, clickers FROM events WHERE campaign = 'blog' GROUP BY link")
    #expect(links == WebsiteLog.clicksByLink)
    let endless = folder.write("endless.routes", remarks + remarks)
    let other = folder.file("other")
    let result = try Beacon.run("ingest", "--data", other, "--routes", endless, log)
    #expect(result.code == 1)
    #expect(result.errorText.contains("\(endless): has more than 1048576 bytes"))
  }
}
