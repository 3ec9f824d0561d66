// Loads files into shards as the engine does, without a data directory.

import Base
import Columnar
import Ingest
import TestSupport

/// What a load left behind.
struct Loading {
  let shared: SharedState
  let shards: [Shard]
  var outcomes: [FileOutcome] = []
  var tally = LineTally()
  var spoilt: String?

  /// - Parameters:
  ///   - keptChunkCountMax: 0, and uncompressed files are read only once where that will do.
  ///   - recipientCountMax: recipients of each shard.
  init(
    _ paths: [String], threadCount: Int = 1, known: [KnownContent] = [],
    keptChunkCountMax: Int = 16, recipientCountMax: Int = 100_000,
    shared: SharedState = SharedState()
  ) {
    self.shared = shared
    var configuration = ShardConfiguration()
    configuration.segmentRowCountMax = 64
    shards = (0..<Columnar.Limits.shardCount).map { _ in
      Shard(
        ShardState(
          recipients: KeyDictionary(countMax: recipientCountMax),
          statedDomains: ShardState.emptyColumn(), attributes: [], messages: MessageTable(),
          segments: [], configuration: configuration))
    }
    let files = paths.map { path in
      let name = path.split(separator: "/").last.map { String($0) } ?? path
      return InputFile(path: path, name: name, byteCount: 0)
    }
    var options = IngestOptions(threadCount: threadCount)
    options.keptChunkCountMax = keptChunkCountMax
    let pipeline = Pipeline(
      files, options: options, shared: shared, shards: shards, known: known,
      onProgress: { _ in })
    Threads.run(threadCount) { pipeline.work() }
    switch pipeline.result() {
    case .finished(let outcomes, let tally): (self.outcomes, self.tally) = (outcomes, tally)
    case .spoilt(let reason): spoilt = reason
    }
  }

  /// Every event as text: what it says and of whom, independent of ordinals, sorted.
  var events: [String] {
    shards.flatMap { shard in
      shard.withState { state in
        state.seal()
        var events: [String] = []
        for segment in state.segments {
          segment.forEachRow { events.append(text($0, state.messages, state.recipients.prefix)) }
        }
        return events
      }
    }.sorted()
  }

  private func text(
    _ row: EventRow, _ messages: MessageTable, _ recipients: KeyPrefix
  ) -> String {
    let message = Int(row.message)
    let recipient = recipients[messages[.recipient][message]].text
    let parts = [
      word(.campaign, messages[.campaign][message]), recipient,
      word(.subject, messages[.subject][message]), word(.link, row.link),
      word(.reason, row.reason), "\(row.kind)", "\(row.time)", "\(row.value)",
    ]
    return parts.joined(separator: "|")
  }

  private func word(_ dictionary: SharedDictionary, _ code: UInt32) -> String {
    code == 0 ? "" : shared.dictionary(dictionary)[code - 1].text
  }

  /// Nothing was taken: no event, no string, no attribute.
  var isEmpty: Bool {
    let attributes = shared.sharedAttributes
    return events.isEmpty && attributes.recipientNames.isEmpty
      && attributes.campaign.columns.isEmpty && attributes.link.columns.isEmpty
      && SharedDictionary.allCases.allSatisfy { shared.dictionary($0).count == 0 }
      && shards.allSatisfy { $0.withState { $0.recipients.count == 0 && !$0.isChanged } }
  }
}

enum PipelineSamples {
  static func send(_ recipient: Int, campaign: String = "spring") -> String {
    "{\"time\":\"2026-03-14T09:00:00Z\",\"kind\":\"sent\",\"campaign\":\"\(campaign)\","
      + "\"recipient\":\"r\(recipient)@example.org\"}\n"
  }

  static func sends(_ count: Int, campaign: String = "spring") -> [UInt8] {
    Array((0..<count).map { send($0, campaign: campaign) }.joined().utf8)
  }

  static func hits(_ count: Int) -> [UInt8] {
    let lines = (0..<count).map { index in
      "203.0.113.\(index % 250) - - [14/Mar/2026:09:\(10 + index % 50):00 +0000] "
        + "\"GET /o?c=spring&r=r\(index)@example.org HTTP/1.1\" 200 43 \"-\" \"curl/8.5.0\"\n"
    }
    return Array(lines.joined().utf8)
  }
}
