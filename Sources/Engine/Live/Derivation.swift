// From frozen shards to what queries see: states and domains derived, dictionary entries classified. From then on it is
// brought up to date by what changed.

internal import Base
internal import Columnar
internal import Ingest

struct Derivation {
  private var shards: [DerivedShard]
  private var traits = EntryTraits(userAgents: [], bounceClasses: [])
  private var hours = HourCounts()
  private(set) var snapshot: Snapshot
  private let findsSentTimes: Bool

  /// Derives everything.
  ///
  /// - Parameters:
  ///   - live: takes the recipients' domains into its dictionary.
  ///   - findsSentTimes: when messages were sent, before anybody asks: where segments may leave memory.
  init(
    _ shards: [StoredShard], _ image: SharedImage, _ live: SharedState, findsSentTimes: Bool,
    threadCount: Int
  ) {
    self.shards = shards.map { _ in DerivedShard() }
    self.findsSentTimes = findsSentTimes
    snapshot = Snapshot(
      shards: [], dictionaries: [], campaignAttributes: [], linkAttributes: [],
      recipientAttributeNames: [], traits: traits, hours: hours)
    let changes = shards.map { ShardChange($0) as ShardChange? }
    update(shards, changes, image, live, threadCount: threadCount)
  }

  /// About what is derived of one message: state, sent time, counts of opens and clicks.
  static let byteCountPerMessage = 4

  /// Bytes of memory of what was derived.
  var byteCount: Int {
    shards.reduce(hours.byteCount + snapshot.profiles.byteCount) { $0 + $1.byteCount }
  }

  /// Forgets what was derived of some shards, whose rows are numbered anew. All of them is a change then.
  mutating func forget(_ indices: [Int]) {
    let machineMarks: [UInt8] = traits.machineMarks()
    for index in indices {
      hours.add(shards[index].removedHours(machineMarks: machineMarks))
      shards[index] = DerivedShard()
    }
  }

  /// Brings everything up to date.
  ///
  /// - Parameter changes: by shard; nil where nothing changed.
  mutating func update(
    _ stored: [StoredShard], _ changes: [ShardChange?], _ image: SharedImage,
    _ live: SharedState, threadCount: Int
  ) {
    classify(image)
    let rules = DecidingBounces.Rules(
      classes: traits.bounceClasses, codes: image[.code], reasons: image[.reason])
    for index in shards.indices {
      guard let change = changes[index] else { continue }
      shards[index].updateDomains(stored[index].image, change, live)
    }
    let machineMarks: [UInt8] = traits.machineMarks()
    let work = Monitor(shards.map { $0 as DerivedShard? })
    shards = []
    let cells = Monitor([HourCounts.Cell]())
    let findsSentTimes = findsSentTimes
    Threads.forEach(stored.count, threadCount: threadCount) { index in
      guard let change = changes[index], var shard = work.update({ $0[index].take() }) else {
        return
      }
      let changed = shard.updateStates(
        stored[index], change, rules, machineMarks: machineMarks, findsSentTimes: findsSentTimes)
      cells.update { $0 = HourCounts.sum($0, changed) }
      work.update { [shard] in $0[index] = shard }
    }
    shards = work.update { $0.compactMap { $0 } }
    hours.add(cells.update { $0 })
    snapshot = makeSnapshot(image, live)
  }

  private func makeSnapshot(_ image: SharedImage, _ live: SharedState) -> Snapshot {
    var dictionaries = image.dictionaries
    dictionaries[Int(SharedDictionary.domain.rawValue)] = live.dictionary(.domain)
    return Snapshot(
      shards: shards.map(\.snapshot), dictionaries: dictionaries,
      campaignAttributes: image.campaignAttributes.columns.map {
        SharedAttribute(name: $0.name, codes: $0.codes)
      },
      linkAttributes: image.linkAttributes.columns.map {
        SharedAttribute(name: $0.name, codes: $0.codes)
      },
      recipientAttributeNames: image.recipientAttributeNames, traits: traits, hours: hours)
  }

  /// Classifies the entries that are new.
  private mutating func classify(_ image: SharedImage) {
    let (agents, codes) = (image[.userAgent], image[.code])
    for ordinal in UInt32(traits.userAgents.count)..<UInt32(agents.count) {
      let found = UserAgentRules.classify(agents[ordinal])
      traits.userAgents.append(
        UserAgentEntry(
          machineClass: found.machineClass, client: "\(found.client)",
          device: "\(found.device)", os: "\(found.os)"))
    }
    for ordinal in UInt32(traits.bounceClasses.count)..<UInt32(codes.count) {
      traits.bounceClasses.append(BounceRules.bounceClass(ofCode: codes[ordinal]))
    }
  }
}
