import Base
import Testing
import Workload

/// The shape of every format's lines, told by eye: how they begin and end, and how many fields they have.
@Suite("Line shapes")
struct LineShapeTests {
  @Test(
    "lines have their format's shape, but for the broken ones", arguments: LogDialect.allCases)
  func shapes(_ format: LogDialect) throws {
    var spec = WorkloadSpec(lineCount: 600)
    spec.format = format
    let folder = try WorkloadFolder(spec)
    let lines = try folder.logLines()
    #expect(lines.count == folder.truth.logLines)
    let shapeless = lines.filter { !isShaped($0, format) }
    let noShape = folder.truth.rejected + folder.truth.ignored.comment
    #expect(shapeless.count <= noShape)
    #expect(!shapeless.isEmpty)
    for line in shapeless.prefix(3) {
      #expect(line.count < 400, "\(String(decoding: line, as: UTF8.self))")
    }
  }

  private func isShaped(_ line: [UInt8], _ format: LogDialect) -> Bool {
    let text = String(decoding: line, as: UTF8.self)
    let quoteCount = line.count { $0 == ASCII.quote } - escapedQuoteCount(line)
    switch format {
    case .combined: return quoteCount == 6 && text.contains("] \"") && text.hasSuffix("\"")
    case .vhostCombined: return quoteCount == 6 && text.hasPrefix("track.example.com:443 ")
    case .common: return quoteCount == 2 && !text.hasSuffix("\"") && text.contains("] \"")
    case .nginxJSON:
      let fields = FlatJSON.fields(line)
      return fields?["request_uri"] != nil && fields?["status"] != nil
    case .cloudflare:
      let fields = FlatJSON.fields(line)
      return fields?["ClientRequestURI"] != nil && fields?["EdgeStartTimestamp"]?.count == 19
    case .caddy:
      return text.hasPrefix("{\"level\":\"info\",\"ts\":") && text.hasSuffix("}}")
        && text.contains(",\"status\":")
    case .cloudfront:
      return line.first == ASCII.hash || line.split(separator: ASCII.tab).count == 33
    case .alb: return quoteCount == 24 && text.hasPrefix("h2 2026-03-0")
    }
  }

  private func escapedQuoteCount(_ line: [UInt8]) -> Int {
    zip(line, line.dropFirst()).count { $0 == ASCII.backslash && $1 == ASCII.quote }
  }

  @Test("servers overlap in time, and their lines are a little out of order")
  func order() throws {
    let folder = try WorkloadFolder(WorkloadSpec(lineCount: 3000))
    let names = folder.names("logs")
    #expect(names.contains { $0.hasSuffix(".log") } && names.contains { $0.hasSuffix(".log.gz") })
    #expect(names.contains("edge1-access-2026-03-01.log"))
    #expect(names.contains("edge2-access-2026-03-01.log.gz"))
    let stamps = try folder.lines("logs/edge1-access-2026-03-01.log").compactMap(stamp)
    #expect(stamps != stamps.sorted())
    // Four seconds at most separate a line from its place, so all but a few are in order.
    let stepsBack = zip(stamps, stamps.dropFirst()).count { $0 > $1 }
    #expect(stepsBack * 2 < stamps.count)
  }

  private func stamp(_ line: [UInt8]) -> String? {
    guard let start = line.firstIndex(of: ASCII.openBracket), line.count > start + 21 else {
      return nil
    }
    let stamp = String(decoding: line[start + 13..<start + 21], as: UTF8.self)
    return stamp.allSatisfy { $0.isNumber || $0 == ":" } ? stamp : nil
  }
}
