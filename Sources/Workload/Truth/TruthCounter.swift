// Adds the stories of messages and the lines of noise up to the truth.

internal import Base

struct TruthCounter {
  private(set) var truth = Truth()
  private let plan: WorkloadPlan

  init(_ plan: WorkloadPlan) {
    self.plan = plan
    truth.campaigns = (0..<plan.campaigns.campaigns.count).map { index in
      var campaign = CampaignTruth()
      campaign.id = plan.campaigns.ids.text(index)
      return campaign
    }
  }

  /// Counts one message with all its records.
  mutating func add(_ story: MessageStory) {
    for record in story.records { add(record) }
    if story.hasSentRecord { truth.events[.sent] += 1 }
    var tally = MessageTally(story)
    for record in story.records { tally.add(record, isMachine: isMachine(record)) }
    guard tally.hasEvent else { return }
    truth.messages += 1
    addStates(tally, story)
    addResponses(tally)
    addCampaign(tally, story.message.campaign)
  }

  /// Counts one line of noise.
  mutating func addNoise(_ record: Record) {
    truth.logLines += 1
    switch NoiseKind(rawValue: record.detail) ?? .emptyLine {
    case .otherPage, .notHTTP: truth.ignored.noRoute += 1
    case .emptyLine: truth.ignored.comment += 1
    default: truth.rejected += 1
    }
  }

  /// Counts one log file, finished.
  mutating func addFile(byteCount: Int) {
    let directives = plan.spec.format.directiveLineCount
    truth.logFileCount += 1
    truth.logBytes += byteCount
    truth.logLines += directives
    truth.ignored.comment += directives
  }

  /// Machine is who asks by HEAD or with a machine's user agent, as far as the format shows it.
  private func isMachine(_ record: Record) -> Bool {
    if record.method == .head { return true }
    return plan.spec.format.hasUserAgent && plan.userAgents.family(record.userAgent).isMachine
  }

  private mutating func add(_ record: Record) {
    if record.flags.contains(.repeated) {
      truth.repeats += 1
    } else if record.flags.contains(.outcome) {
      addEvent(record)
    } else {
      truth.logLines += 1
      switch record.verdict {
      case .counts:
        truth.hits[record.kind] += 1
        addEvent(record)
      case .wrongMethod: truth.ignored.method += 1
      case .wrongStatus: truth.ignored.status += 1
      }
    }
  }

  private mutating func addEvent(_ record: Record) {
    truth.events[record.kind] += 1
    if record.kind == .converted {
      truth.revenueMicros += ConversionTable.prices[Int(record.detail)]
    }
  }

  private mutating func addStates(_ tally: MessageTally, _ story: MessageStory) {
    if tally.isSent { truth.sent += 1 }
    if tally.isDelivered { truth.delivered += 1 }
    // Without its send record a message counts as tracked: nothing says otherwise.
    if tally.isDelivered && (story.isTracked || !story.hasSentRecord) {
      truth.deliveredAndTracked += 1
    }
    guard tally.isBounced else { return }
    truth.bounced += 1
    switch tally.bounceClass {
    case .hard: truth.hardBounced += 1
    case .soft: truth.softBounced += 1
    case .block: truth.blockBounced += 1
    case .unspecified, .unknown: break
    }
  }

  private mutating func addResponses(_ tally: MessageTally) {
    truth.human.add(opens: tally.humanOpens, clicks: tally.humanClicks)
    truth.machine.add(opens: tally.machineOpens, clicks: tally.machineClicks)
    truth.all.add(
      opens: tally.humanOpens + tally.machineOpens, clicks: tally.humanClicks + tally.machineClicks)
    if tally.unsubscribes > 0 { truth.uniqueUnsubscribes += 1 }
    if tally.complaints > 0 { truth.uniqueComplaints += 1 }
    if tally.conversions > 0 { truth.uniqueConversions += 1 }
  }

  private mutating func addCampaign(_ tally: MessageTally, _ index: Int) {
    if tally.isSent { truth.campaigns[index].sent += 1 }
    if tally.isDelivered { truth.campaigns[index].delivered += 1 }
    if tally.isBounced { truth.campaigns[index].bounced += 1 }
    if tally.humanOpens + tally.humanClicks > 0 { truth.campaigns[index].uniqueOpens += 1 }
    if tally.humanClicks > 0 { truth.campaigns[index].uniqueClicks += 1 }
  }
}

extension AudienceTruth {
  /// Counts one message's opens and clicks.
  fileprivate mutating func add(opens newOpens: Int, clicks newClicks: Int) {
    opens += newOpens
    clicks += newClicks
    if newOpens > 0 { uniqueOpens += 1 }
    if newOpens + newClicks > 0 { uniqueOpensImplied += 1 }
    if newClicks > 0 { uniqueClicks += 1 }
  }
}
