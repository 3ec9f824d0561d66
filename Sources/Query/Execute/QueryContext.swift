// What one query needs to know of a snapshot, worked out once and shared by all threads: how user agents, attributes
// and times map to small codes, and how codes turn back into values.
//
// SAFETY: `fill` functions write as many codes as they are given rows for; callers provide the room.
//
// A code is 0 for NULL. Codes of different dimensions never meet.

internal import Base
internal import Columnar
internal import Synchronization

final class QueryContext: Sendable {
  let snapshot: Snapshot
  let settings: QuerySettings
  private let vocabularies: AgentVocabularies
  /// MachineClass raw value by user-agent code (index 0: no user agent, which is human).
  let machineClasses: [UInt8]
  /// By user-agent code: 1 for a machine, 0 for a person.
  let machineMarks: [UInt32]
  let bounceRules: DecidingBounces.Rules
  let addresses: AddressBook
  let attributes: AttributeTypes
  /// Texts that the query computes, and those of dimensions that lie in no dictionary.
  let texts: InternedTexts
  private let control: QueryControl
  private let attributeMaps = Mutex<[Dimension: [UInt32]]>([:])
  /// Earliest and latest time of any event, UTC milliseconds; 0...0 without events.
  let times: ClosedRange<Int64>

  init(_ snapshot: Snapshot, _ settings: QuerySettings, _ control: QueryControl) {
    self.snapshot = snapshot
    self.settings = settings
    self.control = control
    attributes = AttributeTypes(snapshot)
    texts = InternedTexts(countMax: settings.textCountMax, control)
    addresses = AddressBook(countMax: settings.textCountMax, control)
    vocabularies = AgentVocabularies(snapshot.traits.userAgents)
    machineClasses = snapshot.machineClasses
    machineMarks = snapshot.machineMarks
    bounceRules = DecidingBounces.Rules(
      classes: snapshot.traits.bounceClasses, codes: snapshot[.code], reasons: snapshot[.reason])
    times = snapshot.times
  }

  func type(of dimension: Dimension) -> TermType { attributes.type(of: dimension) }

  func wholeNumbers(_ dimension: Dimension) -> [UInt64]? { attributes.wholeNumbers(dimension) }

  /// The code of a text among those of the query.
  func textCode(_ bytes: [UInt8]) -> UInt64 { texts.code(bytes) }

  func evaluator(_ term: Term, _ source: any ColumnSource) -> Evaluator {
    Evaluator(term, source, texts: texts, zone: settings.timeZone)
  }

  // MARK: Stopping

  /// Whether work should end at once, because its result will not be used. Asked once per block.
  var mustStop: Bool { control.mustStop }

  /// Hands over the rows below `count` by blocks, until the query must stop.
  func forEachBlock(of count: Int, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < count, !mustStop {
      let end = min(start + Limits.blockRowCount, count)
      body(start..<end)
      start = end
    }
  }

  func fail(_ failure: QueryFailure) { control.fail(failure) }

  /// A sum of values. Better no number than a wrong one: beyond what a result holds the query fails.
  func revenue(_ sum: Int128) -> Int64 {
    if let revenue = Int64(exactly: sum), revenue != .min { return revenue }
    fail(.revenueOverflow)
    return 0
  }

  /// Fails when a listing has more rows than the query may have.
  func checkRows(_ count: Int) {
    if count > settings.groupCountMax { fail(.tooManyRows(settings.groupCountMax)) }
  }

  /// The same while shards find them: each tells what it has found since the last time.
  func addRows(_ count: Int) { checkRows(control.addRows(count)) }

  /// Fails when a shard has found more groups than the query may have.
  func checkGroups(_ count: Int) {
    if count > settings.groupCountMax { fail(.tooManyGroups(settings.groupCountMax)) }
  }

  /// The same query under other settings: codes and texts of both mean the same.
  init(_ other: QueryContext, settings: QuerySettings) {
    self.settings = settings
    snapshot = other.snapshot
    control = other.control
    attributes = other.attributes
    texts = other.texts
    addresses = other.addresses
    vocabularies = other.vocabularies
    machineClasses = other.machineClasses
    machineMarks = other.machineMarks
    bounceRules = other.bounceRules
    times = other.times
  }

  /// The codes of a user-agent trait, by user-agent code.
  func vocabulary(_ dimension: Dimension) -> Vocabulary? { vocabularies[dimension] }

  /// Value codes by owner code, for attributes of campaigns and links; code 0 has none. Asked for every block.
  func attributeCodes(_ dimension: Dimension) -> [UInt32]? {
    let attribute: SharedAttribute
    switch dimension {
    case .campaignAttribute(let index): attribute = snapshot.campaignAttributes[index]
    case .linkAttribute(let index): attribute = snapshot.linkAttributes[index]
    default: return nil
    }
    return attributeMaps.withLock { maps in
      if let known = maps[dimension] { return known }
      let map = [0] + attribute.codes
      maps[dimension] = map
      return map
    }
  }

  /// The texts that the dimension's codes stand for, ordinals plus one; nil where codes are no such ordinals.
  func dictionary(of dimension: Dimension) -> DictionaryPrefix? {
    dimension == .kind ? EventKind.names : dimension.dictionary.map { snapshot[$0] }
  }

  /// One more than the largest code, where codes are dense enough to index a table.
  func codeCount(_ dimension: Dimension, _ shard: ShardSnapshot?) -> Int? {
    if let dictionary = dimension.dictionary { return snapshot[dictionary].count + 1 }
    switch dimension {
    case .recipient: return shard.map { $0.recipients.count + 1 }
    case .tracked: return 3
    case .kind: return EventKind.allCases.count + 1
    case .client, .device, .os: return (vocabulary(dimension)?.words.count ?? 0) + 1
    case .machineClass: return MachineClass.allCases.count + 1
    case .bounceClass: return BounceClass.allCases.count
    case .absentLinkAttribute: return 1
    case .bucket(.hourOfDay), .sentBucket(.hourOfDay): return 24 + 1
    case .bucket(.weekday), .sentBucket(.weekday): return 7 + 1
    case .bucket(let bucket), .sentBucket(let bucket):
      let count = clock(bucket).codeCount
      return count < QueryContext.tableCountMax ? Int(count) : nil
    default: return nil
    }
  }

  /// How times fall into a bucket's codes.
  func clock(_ bucket: TimeBucket) -> BucketClock {
    BucketClock(bucket, settings.timeZone, times)
  }

  /// Larger code spaces are hashed instead of indexed.
  static let tableCountMax: UInt64 = 1 << 20

  /// The value of a code.
  ///
  /// - Parameter shard: where the code came from; matters for recipients only.
  func value(_ dimension: Dimension, _ code: Code, shard: ShardSnapshot?) -> Value {
    if code == 0 { return .null }
    if let dictionary = dimension.dictionary {
      return .text(snapshot[dictionary][UInt32(code) - 1].array)
    }
    switch dimension {
    case .recipient: return shard.map { .text($0.recipients[UInt32(code) - 1].array) } ?? .null
    case .tracked: return .boolean(code == 2)
    case .time: return .time(TimeBias.load(code))
    case .bucket(let bucket), .sentBucket(let bucket): return clock(bucket).value(code)
    case .client, .device, .os:
      return vocabulary(dimension).map { .text(Array($0.words[Int(code) - 1].utf8)) } ?? .null
    case .address: return .text(Array(addresses.address(code).text.utf8))
    default: return name(dimension, code).map { .text(ByteSlice(text: $0).array) } ?? .null
    }
  }

  /// The word (`Cell`) of a code other than a recipient's.
  func word(_ dimension: Dimension, _ code: Code, shard: ShardSnapshot? = nil) -> UInt64 {
    word(value(dimension, code, shard: shard))
  }

  /// The word of a value.
  func word(_ value: Value) -> UInt64 {
    switch value {
    case .null, .number: 0
    case .boolean(let value): Cell.word(value)
    case .integer(let value), .time(let value): Cell.word(value)
    case .text(let bytes): textCode(bytes)
    }
  }

  private func name(_ dimension: Dimension, _ code: Code) -> StaticString? {
    switch dimension {
    case .kind: EventKind(rawValue: UInt8(code))?.name
    case .machineClass: MachineClass(rawValue: UInt8(code) - 1)?.name
    case .bounceClass: BounceClass(rawValue: UInt8(code))?.name
    default: nil
    }
  }
}

/// A dimension's value as a number: dictionary ordinal plus one, bucket number, or the like; 0 is NULL. A recipient's
/// is its ordinal in its shard plus one, and in merged results the shard's number stands above bit 32.
typealias Code = UInt64

/// Addresses have 128 bits: those that a query meets get numbers, the same for all shards.
final class AddressBook: Sendable {
  private struct Entries {
    var codes: [NetworkAddress: Code] = [:]
    var addresses: [NetworkAddress] = []
  }

  private let entries = Monitor(Entries())
  private let control: QueryControl
  private let countMax: Int

  /// - Parameters:
  ///   - countMax: addresses there is room for.
  ///   - control: is told when there is no room for more.
  init(countMax: Int, _ control: QueryControl) {
    self.countMax = countMax
    self.control = control
  }

  /// Writes the code of each address; 0 for none.
  func fill(
    _ codes: UnsafeMutablePointer<Code>, high: UnsafePointer<UInt64>, low: UnsafePointer<UInt64>,
    count: Int
  ) {
    entries.update { entries in
      for row in 0..<count {
        let address = NetworkAddress(high: high[row], low: low[row])
        codes[row] = address.isNone ? 0 : code(address, &entries)
      }
    }
  }

  /// The code of an address; NULL's, and the query fails, when there is no room for more.
  private func code(_ address: NetworkAddress, _ entries: inout Entries) -> Code {
    if let known = entries.codes[address] { return known }
    guard entries.addresses.count < countMax else {
      control.fail(.tooManyTexts(countMax))
      return 0
    }
    entries.addresses.append(address)
    let code = Code(entries.addresses.count)
    entries.codes[address] = code
    return code
  }

  func address(_ code: Code) -> NetworkAddress { entries.update { $0.addresses[Int(code) - 1] } }
}

extension EventKind {
  /// The names of all kinds, where a kind's code says: no query has to write them down for itself.
  fileprivate static let names: DictionaryPrefix = {
    let names = ByteDictionary(countMax: allCases.count, byteCountMax: 256)
    for kind in allCases {
      let ordinal = names.intern(ByteSlice(text: kind.name))
      precondition(ordinal == UInt32(kind.rawValue) - 1, "kinds are numbered from 1 without gaps")
    }
    return names.prefix
  }()
}
