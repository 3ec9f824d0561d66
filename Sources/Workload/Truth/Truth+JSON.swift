// truth.json: the truth as one readable JSON object.

internal import Base

extension Truth {
  /// The object, with the specification it is the truth of.
  package func json(_ spec: WorkloadSpec) -> String {
    let campaignLines = campaigns.map { "    " + $0.json }.joined(separator: ",\n")
    return """
      {
        "seed": \(spec.seed),
        "format": "\(spec.format.rawValue)",
        "log_files": \(logFileCount),
        "log_lines": \(logLines),
        "hits": {\(counts(hits, [.opened, .clicked, .unsubscribed, .converted]))},
        "ignored": {"noRoute": \(ignored.noRoute), "status": \(ignored.status), \
      "method": \(ignored.method), "comment": \(ignored.comment), "total": \(ignored.total)},
        "rejected": \(rejected),
        "events": {\(counts(events, EventKind.allCases))},
        "repeats": \(repeats),
        "messages": \(messages),
        "sent": \(sent),
        "delivered": \(delivered),
        "delivered_and_tracked": \(deliveredAndTracked),
        "bounced": \(bounced),
        "hard_bounced": \(hardBounced),
        "soft_bounced": \(softBounced),
        "block_bounced": \(blockBounced),
        "unsubscribes": \(events[.unsubscribed]),
        "unique_unsubscribes": \(uniqueUnsubscribes),
        "complaints": \(events[.complained]),
        "unique_complaints": \(uniqueComplaints),
        "conversions": \(events[.converted]),
        "unique_conversions": \(uniqueConversions),
        "replies": \(events[.replied]),
        "revenue": "\(revenue)",
        "audience": {
          "human": \(human.json),
          "machine": \(machine.json),
          "all": \(all.json)
        },
        "campaigns": [
      \(campaignLines)
        ]
      }

      """
  }

  /// The revenue with six digits after the point.
  private var revenue: String {
    let fraction = String(revenueMicros % 1_000_000)
    let zeros = String(repeating: "0", count: 6 - fraction.count)
    return "\(revenueMicros / 1_000_000).\(zeros)\(fraction)"
  }

  private func counts(_ counts: KindCounts, _ kinds: [EventKind]) -> String {
    kinds.map { "\"\($0.name)\": \(counts[$0])" }.joined(separator: ", ")
  }
}

extension AudienceTruth {
  fileprivate var json: String {
    """
    {"opens": \(opens), "clicks": \(clicks), "unique_opens_implied_on": \(uniqueOpensImplied), \
    "unique_opens_implied_off": \(uniqueOpens), "unique_clicks": \(uniqueClicks)}
    """
  }
}

extension CampaignTruth {
  fileprivate var json: String {
    """
    {"campaign": "\(id)", "sent": \(sent), "delivered": \(delivered), "bounced": \(bounced), \
    "unique_opens": \(uniqueOpens), "unique_clicks": \(uniqueClicks)}
    """
  }
}
