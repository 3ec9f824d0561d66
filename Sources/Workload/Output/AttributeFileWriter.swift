// recipients.csv, links.csv and campaigns.csv: what is known about the things that events name.

internal import Base

struct AttributeFileWriter: ~Copyable {
  private let plan: WorkloadPlan
  private let directory: String
  private var field = ByteBuilder(capacity: 256)

  init(_ plan: WorkloadPlan, directory: String) {
    self.plan = plan
    self.directory = directory
  }

  /// - Parameter progress: called now and then with the number of recipients written.
  mutating func writeAll(progress: (Int) -> Void) throws(WorkloadError) {
    try writeCampaigns()
    try writeLinks()
    try writeRecipients(progress: progress)
  }

  private mutating func writeRecipients(progress: (Int) -> Void) throws(WorkloadError) {
    var file = try OutputFile(path: directory + "/recipients.csv")
    file.builder.append("recipient,school,plan,country,joined\n")
    for index in 0..<plan.spec.recipientCount {
      appendRecipient(index, to: &file.builder)
      try file.flushIfFull()
      if index & 0xFFFF == 0 { progress(index) }
    }
    try file.close()
  }

  private mutating func appendRecipient(_ index: Int, to out: inout ByteBuilder) {
    let bits = Hash.of(plan.recipients.traits(index).bits, 7)
    field.truncate(to: 0)
    plan.recipients.append(index, to: &field)
    out.append(csvField: field.slice, forcesQuotes: bits & 31 == 0)
    append(Names.schools[Int(bits >> 8 & 0xFF) % Names.schools.count], to: &out)
    append(Names.plans[Int(bits >> 16 & 0xFF) % Names.plans.count], to: &out)
    // Nobody knows where everybody lives.
    append(bits >> 24 & 15 == 0 ? "" : country(bits), to: &out)
    out.append(ASCII.comma)
    out.append(date: CivilDate(daysSinceEpoch: plan.spec.firstDay - 1 - Int(bits >> 40 & 0x7FF)))
    out.append(ASCII.newline)
  }

  private func country(_ bits: UInt64) -> StaticString {
    Names.countries[Int(bits >> 32 & 0xFF) % Names.countries.count]
  }

  private mutating func writeLinks() throws(WorkloadError) {
    var file = try OutputFile(path: directory + "/links.csv")
    file.builder.append("link,url,position,campaign\n")
    for (index, campaign) in plan.campaigns.campaigns.enumerated() {
      for position in 0..<campaign.linkCount {
        let link = campaign.firstLink + position
        plan.campaigns.links.with(link) { file.builder.append(csvField: $0) }
        append(plan.campaigns.linkURLs.text(link), to: &file.builder)
        append("\(position + 1)", to: &file.builder)
        append(plan.campaigns.ids.text(index), to: &file.builder)
        file.builder.append(ASCII.newline)
        try file.flushIfFull()
      }
    }
    try file.close()
  }

  private mutating func writeCampaigns() throws(WorkloadError) {
    var file = try OutputFile(path: directory + "/campaigns.csv")
    file.builder.append("campaign,subject,channel,department\n")
    for (index, campaign) in plan.campaigns.campaigns.enumerated() {
      plan.campaigns.ids.with(index) { file.builder.append(csvField: $0) }
      append(plan.campaigns.subjects.text(index), to: &file.builder)
      append(Names.channels[campaign.channel], to: &file.builder)
      append(Names.schools[index % Names.schools.count], to: &file.builder)
      file.builder.append(ASCII.newline)
      try file.flushIfFull()
    }
    try file.close()
  }

  /// A comma and one field.
  private mutating func append(_ text: String, to out: inout ByteBuilder) {
    field.truncate(to: 0)
    field.append(text: text)
    out.append(ASCII.comma)
    out.append(csvField: field.slice)
  }

  private func append(_ text: StaticString, to out: inout ByteBuilder) {
    out.append(ASCII.comma)
    out.append(csvField: ByteSlice(text))
  }
}
