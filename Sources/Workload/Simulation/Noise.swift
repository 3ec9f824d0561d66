// The rest of an edge server's log: other pages, crawlers, probes, and lines that are no lines.
// A pure function of the seed, the day and the server.

internal import Base

/// Raw values are stored in a record's `detail`.
enum NoiseKind: UInt8 {
  /// A request that is none of the tracking routes.
  case otherPage
  /// A request that is no HTTP at all: well-formed as a log line, but without a path.
  case notHTTP
  case emptyLine
  /// A hit cut off inside the request.
  case truncated
  /// Bytes without any layout.
  case garbage
  /// A hit line without its status field; quoted layouts only.
  case missingStatus
  /// A hit at a time that does not exist; quoted layouts only.
  case badTime
  /// A hit of the pixel without a recipient.
  case missingRecipient
  /// A hit of the pixel with a percent escape that is none.
  case badEscape
}

struct Noise {
  let plan: WorkloadPlan

  /// How many lines of noise come with `hitCount` hits: about four percent.
  func lineCount(day: Int, edge: Int, hitCount: Int) -> Int {
    var random = generator(day: day, edge: edge, purpose: 1)
    return (hitCount * 4 + random.below(100)) / 100
  }

  /// Calls `body` with each line of noise of one server's day.
  func make(day: Int, edge: Int, count: Int, _ body: (Record) -> Void) {
    var random = generator(day: day, edge: edge, purpose: 2)
    let start = plan.timeline.start(ofDay: day)
    for _ in 0..<count {
      let kind = drawKind(&random)
      var record = Record(
        time: start + Int64(random.below(Int(CivilTime.millisecondsPerDay))),
        message: UInt32(random.below(plan.spec.messageCount)),
        salt: UInt32(truncatingIfNeeded: random.next()), kind: .opened)
      record.flags = .noise
      record.detail = kind.rawValue
      let family: UserAgentFamily =
        random.below(2) == 0 ? .crawler : random.below(2) == 0 ? .scanner : .browserDesktop
      record.userAgent = plan.userAgents.pick(family, bits: random.next())
      body(record)
    }
  }

  private func generator(day: Int, edge: Int, purpose: UInt64) -> PRNG {
    PRNG(seed: Hash.of(plan.spec.seed ^ 0x4015E, UInt64(day * 64 + edge) << 8 | purpose))
  }

  private func drawKind(_ random: inout PRNG) -> NoiseKind {
    let format = plan.spec.format
    switch random.below(100) {
    case ..<84: return .otherPage
    case ..<87: return format.isQuoted ? .notHTTP : .otherPage
    case ..<89: return .emptyLine
    case ..<92: return .truncated
    case ..<94: return .garbage
    case ..<95: return format.isQuoted ? .missingStatus : .truncated
    case ..<96: return format.isQuoted ? .badTime : .truncated
    case ..<98: return .missingRecipient
    default: return .badEscape
    }
  }
}
