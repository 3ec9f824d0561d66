// The bounces the workload knows: what their records state, and the class a reader must conclude
// (docs/SEMANTICS.md, "Events"): the class the record names, else the class of its code, else unknown.

internal import Base

struct BounceRow {
  /// The enhanced status code the record states; empty for none.
  var code: StaticString
  /// The class the record itself names; empty for none.
  var statedClass: StaticString = ""
  var reason: StaticString
  var concluded: BounceClass
}

enum BounceTable {
  static let hard: [BounceRow] = [
    BounceRow(code: "5.1.1", reason: "550 5.1.1 user unknown", concluded: .hard),
    BounceRow(
      code: "5.1.1", reason: "550 5.1.1 <mailbox> not found, check the address", concluded: .hard),
    BounceRow(code: "5.1.2", reason: "550 5.1.2 bad destination system", concluded: .hard),
    BounceRow(
      code: "5.1.10", reason: "556 5.1.10 recipient domain has a null MX", concluded: .hard),
    BounceRow(code: "5.2.1", reason: "550 5.2.1 mailbox disabled", concluded: .hard),
    BounceRow(code: "5.4.4", reason: "550 5.4.4 unable to route", concluded: .hard),
    BounceRow(code: "5.7.13", reason: "525 5.7.13 account disabled", concluded: .hard),
    BounceRow(code: "", statedClass: "hard", reason: "mailbox does not exist", concluded: .hard),
    BounceRow(code: "5.2.2", statedClass: "hard", reason: "full for 90 days", concluded: .hard),
  ]

  static let soft: [BounceRow] = [
    BounceRow(code: "5.2.2", reason: "552 5.2.2 mailbox full", concluded: .soft),
    BounceRow(code: "4.2.2", reason: "452 4.2.2 over quota", concluded: .soft),
    BounceRow(code: "4.4.7", reason: "message expired in the queue", concluded: .soft),
    BounceRow(code: "4.4.1", reason: "no answer from host", concluded: .soft),
    BounceRow(code: "5.3.4", reason: "552 5.3.4 message too big", concluded: .soft),
    BounceRow(code: "5.2.3", reason: "552 5.2.3 message length exceeds limit", concluded: .soft),
    BounceRow(code: "5.4.6", reason: "554 5.4.6 too many hops", concluded: .soft),
    BounceRow(
      code: "4.7.1", statedClass: "soft", reason: "451 4.7.1 greylisted \"for now\"",
      concluded: .soft),
  ]

  static let block: [BounceRow] = [
    BounceRow(code: "5.7.1", reason: "550 5.7.1 rejected by policy", concluded: .block),
    BounceRow(code: "5.7.26", reason: "550 5.7.26 not authenticated", concluded: .block),
    BounceRow(code: "5.1.8", reason: "553 5.1.8 sender domain refused", concluded: .block),
    BounceRow(code: "5.6.0", reason: "554 5.6.0 content refused", concluded: .block),
    BounceRow(
      code: "5.0.0", statedClass: "block", reason: "listed, see https://example.net/?ip",
      concluded: .block),
  ]

  static let unknown: [BounceRow] = [
    BounceRow(code: "5.0.0", reason: "554 5.0.0 transaction failed", concluded: .unknown),
    BounceRow(code: "", reason: "delivery failed", concluded: .unknown),
    BounceRow(code: "", statedClass: "unknown", reason: "unclassified", concluded: .unknown),
  ]

  /// All rows; a record's `detail` is the index here.
  static let rows = hard + soft + block + unknown

  /// A row: hard 45 %, soft 35 %, block 16 %, unknown 4 %.
  static func draw(_ random: inout PRNG) -> UInt8 {
    switch random.below(100) {
    case ..<45: UInt8(random.below(hard.count))
    case ..<80: UInt8(hard.count + random.below(soft.count))
    case ..<96: UInt8(hard.count + soft.count + random.below(block.count))
    default: UInt8(hard.count + soft.count + block.count + random.below(unknown.count))
    }
  }
}
