// The values a random history draws from: a few of each, picked anew for every history.

import Base
import Columnar
import Ingest

struct ValuePools {
  let campaigns: [String]
  let recipients: [String]
  let sends: [String]
  let variants: [String]
  let templates: [String]
  let senders: [String]
  let subjects: [String]
  let domains: [String]
  let links: [String]
  let urls: [String]
  let positions: [String]
  let countries: [String]
  let codes: [String]
  let reasons: [String]
  let currencies: [String]
  let times: [Int]
  private let ranks: [String]

  static let kinds = """
    sent sent sent sent delivered delivered deferred bounced bounced dropped opened opened opened
    clicked clicked unsubscribed complained converted replied responded
    """.split { $0 == " " || $0 == "\n" }.map(String.init)

  /// Millionths.
  static let values = [0, 1, -1, 10_000, 19_900_000, -5_250_000, 333_333, 1_000_000_000_000]

  init(_ random: inout PRNG, isOneShard: Bool) {
    campaigns = ValuePools.some(&random, ["spring", "Spring", "a b/c", "42", "x'y", "é%,\"q\""], 3)
    recipients = ValuePools.recipients(&random, isOneShard)
    sends = ValuePools.some(&random, ["s1", "s2", "0"], 2)
    variants = ValuePools.some(&random, ["A", "B", "a", "10", "9"], 3)
    templates = ValuePools.some(&random, ["t1", "t10", "t2"], 2)
    senders = ValuePools.some(&random, ["news@x.example", "Sales", "zz"], 2)
    subjects = ValuePools.some(&random, ["Hello, you", "two\nlines", "50% off"], 2)
    domains = ValuePools.some(&random, ["Stated.example", "b.example", "x.example"], 2)
    links = ValuePools.some(&random, ["l1", "l2", "https://x.example/?a=b&c", "7"], 3)
    urls = ValuePools.some(&random, ["https://x.example/", "https://y.example/z", "7"], 2)
    positions = random.isHit(0.5) ? ["1", "2", "10"] : ["1", "02", "top"]
    countries = ValuePools.some(&random, ["DE", "US", "br"], 2)
    codes = ValuePools.some(&random, ModelTables.bounceCodes.flatMap(\.1), 6)
    reasons = ValuePools.some(&random, ["full", "no such user", "spam\ttab", "Ünlösbar"], 3)
    currencies = ["EUR", "USD"]
    ranks = random.pick([
      ["1", "2", "10", "-3"], ["1", "2", "10", "-3"], ["1", "01", "2"],
      ["1.5", "2", "1e1", " 3", "x", "-.5"],
    ])
    times = ValuePools.times(&random)
  }

  /// Names and values of an owner's attributes.
  func attributeValues(_ owner: String) -> [(String, [String])] {
    switch owner {
    case "campaign": [("owner", ["ann", "bob"]), ("rank", ranks)]
    case "recipient": [("school", ["Law", "Art", "Art; Music"]), ("tenure", ranks)]
    default: [("url", urls), ("position", positions), ("label", ["Apply", "Read"])]
    }
  }

  private static func some(_ random: inout PRNG, _ values: [String], _ count: Int) -> [String] {
    Array(values.shuffled(using: &random).prefix(1 + random.below(count)))
  }

  private static func recipients(_ random: inout PRNG, _ isOneShard: Bool) -> [String] {
    var names = [
      "ann@x.example", "Bob@X.Example", "bob@x.example", "r1", "no-at", "a@b@C.example", "end@",
      "@start", "+1 555 0100", "m\u{FC}ller@x.example",
    ]
    if isOneShard {
      names = (0..<400).map { "r\($0)@x\($0 % 3).example" }.filter { ValuePools.shard(of: $0) == 3 }
    }
    return some(&random, names, 6)
  }

  private static func shard(of recipient: String) -> Int {
    Array(recipient.utf8).withUnsafeBufferPointer {
      Sharding.shard(of: Hash.of(ByteSlice($0)))
    }
  }

  /// Around one evening, mostly; equal times are frequent.
  private static func times(_ random: inout PRNG) -> [Int] {
    let base = 1_772_400_000_000 + random.below(1000) * 3_600_000
    var times = (0..<6).map { _ in base + random.below(48) * 1_800_000 }
    times += (0..<3).map { _ in base + random.below(90) * 86_400_000 + random.below(86_400_000) }
    if random.isHit(0.15) { times.append(-1 - random.below(1_000_000_000_000)) }
    if random.isHit(0.05) { times.append(-62_000_000_000_000 + random.below(1000)) }
    if random.isHit(0.1) { times.append(7_000_000_000_000 + random.below(1_000_000_000)) }
    return times
  }
}
