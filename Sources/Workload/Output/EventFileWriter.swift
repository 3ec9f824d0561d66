// The two event files: sends.ndjson with a line per message, outcomes.ndjson with what came of it.
// Ids and names are appended without JSON escaping: none of the generator's has a quote, a backslash or a control.

internal import Base

struct EventFileWriter: Sendable {
  let plan: WorkloadPlan

  init(_ plan: WorkloadPlan) { self.plan = plan }

  /// The line of a `sent` event.
  func appendSent(_ story: borrowing MessageStory, to out: inout ByteBuilder) {
    let message = story.message
    let campaign = plan.campaigns.campaigns[message.campaign]
    let queuedAt = campaign.statesSentAt ? message.sentAt - 750 : message.sentAt
    appendKey("sent", at: queuedAt, message, to: &out)
    if campaign.hasVariants {
      out.append(",\"variant\":\"")
      out.append(message.variant)
      out.append(ASCII.quote)
    }
    append(",\"template\":\"", Names.templates[campaign.template], to: &out)
    append(",\"sender\":\"", Names.senders[campaign.sender], to: &out)
    out.append(",\"subject\":\"")
    plan.campaigns.subjects.with(message.campaign) { out.append(jsonEscaping: $0) }
    out.append(story.isTracked ? "\",\"tracked\":true" : "\",\"tracked\":false")
    if campaign.statesSentAt {
      out.append(",\"sent_at\":\"")
      out.append(instant: message.sentAt)
      out.append(ASCII.quote)
    }
    out.append("}\n")
  }

  /// The line of an outcome.
  func appendOutcome(_ record: Record, to out: inout ByteBuilder) {
    let message = plan.message(Int(record.message))
    appendKey(record.kind.name, at: record.time, message, to: &out)
    switch record.kind {
    case .bounced: appendBounce(BounceTable.rows[Int(record.detail)], to: &out)
    case .deferred: append(",\"code\":\"", BounceTable.rows[Int(record.detail)].code, to: &out)
    case .complained:
      append(",\"reason\":\"", Names.feedbackTypes[Int(record.detail)], to: &out)
    case .converted: appendValue(record, to: &out)
    default: break
    }
    if record.kind != .delivered && record.kind != .deferred {
      out.append(",\"id\":\"evt-")
      out.append(hex: Hash.of(UInt64(record.message), UInt64(record.salt)), width: 16)
      out.append(ASCII.quote)
    }
    out.append("}\n")
  }

  private func appendKey(
    _ kind: StaticString, at time: Int64, _ message: Message, to out: inout ByteBuilder
  ) {
    out.append("{\"time\":\"")
    out.append(instant: time)
    out.append("\",\"kind\":\"")
    out.append(kind)
    out.append("\",\"campaign\":\"")
    out.append(plan.campaigns.ids, message.campaign)
    out.append("\",\"recipient\":\"")
    plan.recipients.append(message.recipient, to: &out)
    out.append(ASCII.quote)
    if plan.campaigns.campaigns[message.campaign].hasSendTags {
      out.append(",\"send\":\"issue-")
      out.append(decimal: message.wave + 1)
      out.append(ASCII.quote)
    }
  }

  private func appendBounce(_ row: BounceRow, to out: inout ByteBuilder) {
    if row.code.utf8CodeUnitCount > 0 { append(",\"code\":\"", row.code, to: &out) }
    if row.statedClass.utf8CodeUnitCount > 0 {
      append(",\"bounce_class\":\"", row.statedClass, to: &out)
    }
    out.append(",\"reason\":\"")
    out.append(jsonEscaping: ByteSlice(row.reason))
    out.append(ASCII.quote)
  }

  private func appendValue(_ record: Record, to out: inout ByteBuilder) {
    out.append(",\"value\":")
    out.append(micros: ConversionTable.prices[Int(record.detail)])
    append(
      ",\"currency\":\"", Names.currencies[Int(record.detail) % Names.currencies.count], to: &out)
  }

  private func append(_ key: StaticString, _ value: StaticString, to out: inout ByteBuilder) {
    out.append(key)
    out.append(value)
    out.append(ASCII.quote)
  }
}
