// One line to be written later: a hit, an outcome or a line of noise, 24 bytes.
// What it does not hold (addresses, spellings, ids) follows from `salt` and the plan.

internal import Base

enum HitMethod: UInt8 { case get, head, post }

struct RecordFlags: OptionSet {
  let rawValue: UInt8
  /// A line of the outcomes file, not of an access log.
  static let outcome = RecordFlags(rawValue: 1)
  /// The same outcome once more, verbatim, a while later.
  static let repeated = RecordFlags(rawValue: 2)
  /// No event of a message: `detail` is a NoiseKind.
  static let noise = RecordFlags(rawValue: 4)
}

struct Record {
  /// UTC milliseconds of the event.
  var time: Int64
  var message: UInt32
  /// Random bits for the writer.
  var salt: UInt32
  var userAgent: UInt16 = 0
  /// HTTP status of a hit.
  var status: UInt16 = 200
  var kind: EventKind
  var method = HitMethod.get
  /// The link of a click, the reason of an unsubscribe or complaint, the price of a conversion,
  /// the row of a bounce in the bounce table.
  var detail: UInt8 = 0
  var flags: RecordFlags = []

  /// When the line reaches its file; repeats are delivered a quarter of an hour late.
  var arrival: Int64 { flags.contains(.repeated) ? time + 900_000 : time }

  /// The server that answered.
  func edge(of edgeCount: Int) -> Int { Int(salt >> 16) % edgeCount }
}

/// What a hit is worth by its method and status (docs/SEMANTICS.md, "Hits").
enum HitVerdict {
  case counts, wrongMethod, wrongStatus
}

extension Record {
  /// The verdict on a hit; meaningless for outcomes and noise.
  var verdict: HitVerdict {
    switch kind {
    case .unsubscribed: method == .post ? judge(status / 100 == 2) : .wrongMethod
    case .converted: method == .get ? judge(status / 100 == 2 || status == 304) : .wrongMethod
    case .clicked: method == .post ? .wrongMethod : judge(status / 100 == 2 || status / 100 == 3)
    default: method == .post ? .wrongMethod : judge(status / 100 == 2 || status == 304)
    }
  }

  private func judge(_ isGoodStatus: Bool) -> HitVerdict { isGoodStatus ? .counts : .wrongStatus }
}
