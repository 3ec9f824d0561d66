// Writes a workload: simulates all messages once to count and to write what was sent, then again per window of days
// to write what came of it, so that memory is bounded by the window and not by the workload.

internal import Base
internal import Glibc

/// How far the work is; for progress displays.
package struct GeneratorProgress: Sendable {
  /// What is being written.
  package let stage: StaticString
  package let done: Int
  package let total: Int
}

package struct Generator: ~Copyable {
  private let plan: WorkloadPlan
  private let directory: String
  private let progress: @Sendable (GeneratorProgress) -> Void
  private var counter: TruthCounter
  /// Lines by day and stream, noise included, and the noise alone.
  private var counts: SlotCounts
  private var noiseCounts: SlotCounts

  /// - Throws: `badSpecification` if a number is out of its range.
  package init(
    _ spec: WorkloadSpec, directory: String,
    progress: @escaping @Sendable (GeneratorProgress) -> Void = { _ in }
  ) throws(WorkloadError) {
    try spec.validate()
    plan = WorkloadPlan(spec)
    self.directory = directory
    self.progress = progress
    counter = TruthCounter(plan)
    counts = SlotCounts(dayCount: plan.timeline.dayCount, streamCount: spec.edgeCount + 1)
    noiseCounts = counts
  }

  /// Writes all files into the directory, which is made if needed and must be empty, and returns the truth about them.
  package consuming func run() throws(WorkloadError) -> Truth {
    try makeDirectories()
    try writeAttributes()
    try writeSends()
    countNoise()
    try writeWindows()
    return try writeTruth()
  }

  private func makeDirectories() throws(WorkloadError) {
    for path in [directory, directory + "/logs"] {
      if mkdir(path, 0o755) == 0 { continue }
      guard errno == EEXIST else { throw .cannotCreate(path: path, code: errno) }
      guard try isEmptyDirectory(path) else { throw .directoryNotEmpty(path: path) }
    }
  }

  private func isEmptyDirectory(_ path: String) throws(WorkloadError) -> Bool {
    guard let stream = opendir(path) else { throw .cannotCreate(path: path, code: errno) }
    defer { closedir(stream) }
    var entryCount = 0
    while readdir(stream) != nil { entryCount += 1 }
    // "." and ".." are always there.
    return entryCount <= 2
  }

  private func writeAttributes() throws(WorkloadError) {
    var writer = AttributeFileWriter(plan, directory: directory)
    try writer.writeAll { report("attributes", $0, plan.spec.recipientCount) }
  }

  /// Writes sends.ndjson, and counts everything that the stories tell.
  private mutating func writeSends() throws(WorkloadError) {
    var file = try OutputFile(path: directory + "/sends.ndjson")
    let writer = EventFileWriter(plan)
    var simulation = EventSimulation(plan)
    var story = MessageStory(end: plan.timeline.end)
    for (index, campaign) in plan.campaigns.campaigns.enumerated() {
      for ordinal in campaign.firstMessage..<campaign.firstMessage + campaign.messageCount {
        simulation.tell(plan.message(ordinal, campaignIndex: index), into: &story)
        if story.hasSentRecord { writer.appendSent(story, to: &file.builder) }
        counter.add(story)
        for record in story.records {
          counts[plan.timeline.day(of: record.arrival), stream(of: record)] += 1
        }
        try file.flushIfFull()
        if ordinal & 0xFFFF == 0 { report("sends", ordinal, plan.spec.messageCount) }
      }
    }
    try file.close()
  }

  private func stream(of record: Record) -> Int {
    let edgeCount = plan.spec.edgeCount
    return record.flags.contains(.outcome) ? edgeCount : record.edge(of: edgeCount)
  }

  private mutating func countNoise() {
    let noise = Noise(plan: plan)
    for day in 0..<plan.timeline.dayCount {
      for edge in 0..<plan.spec.edgeCount {
        let count = noise.lineCount(day: day, edge: edge, hitCount: counts[day, edge])
        noiseCounts[day, edge] = count
        counts[day, edge] += count
        noise.make(day: day, edge: edge, count: count) { counter.addNoise($0) }
      }
    }
  }

  private mutating func writeWindows() throws(WorkloadError) {
    let windows = counts.windows(limit: plan.spec.recordCountMax)
    for (index, days) in windows.enumerated() {
      report("logs and outcomes", index, windows.count)
      let window = fill(days)
      let writer = WindowWriter(plan: plan, directory: directory, window: window)
      for byteCount in try writer.write() { counter.addFile(byteCount: byteCount) }
    }
    report("logs and outcomes", windows.count, windows.count)
  }

  /// Simulates once more whatever can reach into `days`.
  private func fill(_ days: Range<Int>) -> RecordWindow {
    var window = RecordWindow(plan, days: days, counts: counts)
    var simulation = EventSimulation(plan)
    var story = MessageStory(end: plan.timeline.end)
    let end = plan.timeline.start(ofDay: days.upperBound)
    for (index, campaign) in plan.campaigns.campaigns.enumerated() {
      for ordinal in campaign.firstMessage..<campaign.firstMessage + campaign.messageCount {
        let message = plan.message(ordinal, campaignIndex: index)
        guard message.sentAt < end else { continue }
        simulation.tell(message, into: &story)
        for record in story.records { window.place(record, stream: stream(of: record)) }
      }
    }
    let noise = Noise(plan: plan)
    for day in days {
      for edge in 0..<plan.spec.edgeCount {
        noise.make(day: day, edge: edge, count: noiseCounts[day, edge]) {
          window.place($0, stream: edge)
        }
      }
    }
    return window
  }

  private func writeTruth() throws(WorkloadError) -> Truth {
    var file = try OutputFile(path: directory + "/truth.json")
    file.builder.append(text: counter.truth.json(plan.spec))
    try file.close()
    return counter.truth
  }

  private func report(_ stage: StaticString, _ done: Int, _ total: Int) {
    progress(GeneratorProgress(stage: stage, done: done, total: total))
  }
}
