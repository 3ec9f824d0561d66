// A workload that `beacon generate` wrote, and the truth about it.

import Foundation
import TestSupport
import Testing

struct GeneratedWorkload {
  let folder: TemporaryFolder
  let truth: TruthFile

  init(events: Int, seed: Int, format: String = "combined") throws {
    folder = TemporaryFolder()
    let result = try Beacon.run(
      "generate", "--out", folder.file("set"), "--events", "\(events)", "--seed", "\(seed)",
      "--format", format)
    try #require(result.code == 0, "\(result.errorText)")
    let bytes = try Command.read(folder.file("set/truth.json"))
    truth = try JSONDecoder().decode(TruthFile.self, from: Data(bytes))
  }

  /// The path of something in the workload.
  subscript(name: String) -> String { folder.file("set/\(name)") }

  /// A data directory beside the workload; made when something is loaded into it.
  func data(_ name: String) -> Beacon { Beacon(data: folder.file("data-\(name)")) }

  /// The files that are not access logs.
  var otherFiles: [String] {
    ["sends.ndjson", "outcomes.ndjson", "recipients.csv", "links.csv", "campaigns.csv"].map {
      self[$0]
    }
  }

  /// Every log file on its own.
  func logFiles() throws -> [String] {
    folder.names(in: "set/logs").map { self["logs/\($0)"] }
  }
}

/// truth.json, as far as queries can be held against it.
struct TruthFile: Decodable {
  struct Ignored: Decodable {
    let total: Int
  }

  struct Audience: Decodable {
    let opens: Int
    let clicks: Int
    let uniqueOpensImpliedOn: Int
    let uniqueOpensImpliedOff: Int
    let uniqueClicks: Int

    enum CodingKeys: String, CodingKey {
      case opens, clicks
      case uniqueOpensImpliedOn = "unique_opens_implied_on"
      case uniqueOpensImpliedOff = "unique_opens_implied_off"
      case uniqueClicks = "unique_clicks"
    }
  }

  struct Campaign: Decodable {
    let campaign: String
    let sent: Int
    let delivered: Int
    let bounced: Int
    let uniqueOpens: Int
    let uniqueClicks: Int

    enum CodingKeys: String, CodingKey {
      case campaign, sent, delivered, bounced
      case uniqueOpens = "unique_opens"
      case uniqueClicks = "unique_clicks"
    }
  }

  let logFiles: Int
  let logLines: Int
  let hits: [String: Int]
  let ignored: Ignored
  let rejected: Int
  let repeats: Int
  let revenue: String
  let audience: [String: Audience]
  let campaigns: [Campaign]
  /// The figures that have the name of a measure, by that name.
  let measures: [String: Int]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case hits, ignored, rejected, repeats, revenue, audience, campaigns
    case logFiles = "log_files"
    case logLines = "log_lines"
    case sent, delivered, bounced, unsubscribes, complaints, conversions, replies
    case hardBounced = "hard_bounced"
    case softBounced = "soft_bounced"
    case blockBounced = "block_bounced"
    case uniqueUnsubscribes = "unique_unsubscribes"
    case uniqueComplaints = "unique_complaints"
    case uniqueConversions = "unique_conversions"

    static let measures: [CodingKeys] = [
      .sent, .delivered, .bounced, .hardBounced, .softBounced, .blockBounced, .unsubscribes,
      .complaints, .conversions, .replies, .uniqueUnsubscribes, .uniqueComplaints,
      .uniqueConversions,
    ]
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    logFiles = try values.decode(Int.self, forKey: .logFiles)
    logLines = try values.decode(Int.self, forKey: .logLines)
    hits = try values.decode([String: Int].self, forKey: .hits)
    ignored = try values.decode(Ignored.self, forKey: .ignored)
    rejected = try values.decode(Int.self, forKey: .rejected)
    repeats = try values.decode(Int.self, forKey: .repeats)
    revenue = try values.decode(String.self, forKey: .revenue)
    audience = try values.decode([String: Audience].self, forKey: .audience)
    campaigns = try values.decode([Campaign].self, forKey: .campaigns)
    measures = try Dictionary(
      uniqueKeysWithValues: CodingKeys.measures.map {
        ($0.rawValue, try values.decode(Int.self, forKey: $0))
      })
  }
}
