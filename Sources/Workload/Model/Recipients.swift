// The recipients. None is stored: name, client and habits of the n-th recipient follow from the seed and n,
// so a hundred million of them cost no memory.

internal import Base

/// What a recipient is like.
struct RecipientTraits {
  /// Random bits of the recipient, for whatever follows from the person alone.
  var bits: UInt64
  /// The software that shows the mail.
  var client: UserAgentFamily
  /// The chance to read a usual message, per mille.
  var interest: Int
  /// Mail to this recipient's domain passes a security scanner.
  var isScanned: Bool
  /// Asked not to be tracked.
  var refusesTracking: Bool
}

struct Recipients: Sendable {
  private let seed: UInt64
  private let syllables = ByteTable(Names.syllables)
  private let accented = ByteTable(Names.accentedSyllables)
  private let domains: ByteTable
  /// Which domain a draw of ten bits gives: Zipf's law as a look-up table.
  private let domainOfDraw: [UInt8]

  init(_ spec: WorkloadSpec) {
    seed = spec.seed ^ 0x9EC1_9133
    let names = Names.subdomains.flatMap { part in Names.topDomains.map { part + $0 } }
    domains = ByteTable(names)
    let weights = (0..<names.count).map { 1_000_000 / ($0 + 1) }
    let total = weights.reduce(0, +)
    var table: [UInt8] = []
    for (index, weight) in weights.enumerated() {
      let share = max(1, weight * 1024 / total)
      table.append(contentsOf: repeatElement(UInt8(index), count: share))
    }
    while table.count < 1024 { table.append(0) }
    domainOfDraw = Array(table.prefix(1024))
  }

  func traits(_ index: Int) -> RecipientTraits {
    let bits = bits(index)
    let domain = domain(bits)
    return RecipientTraits(
      bits: bits, client: client(Int(bits >> 20 & 0xFFF)),
      interest: interest(Int(bits >> 8 & 0xFFF)),
      isScanned: domain % 6 == 3, refusesTracking: bits >> 54 == 5)
  }

  private func bits(_ index: Int) -> UInt64 { Hash.of(seed, UInt64(index)) }

  private func domain(_ bits: UInt64) -> Int { Int(domainOfDraw[Int(bits >> 32 & 0x3FF)]) }

  /// Market shares, in 4096ths.
  private func client(_ draw: Int) -> UserAgentFamily {
    switch draw {
    case ..<1350: .applePrivacyProxy
    case ..<2500: .gmailProxy
    case ..<2900: .outlookDesktop
    case ..<3150: .outlookPhone
    case ..<3350: .yahooProxy
    case ..<3480: .thunderbird
    case ..<3600: .appleMailMac
    case ..<3760: .appleMailPhone
    case ..<3920: .androidMail
    default: .browserDesktop
    }
  }

  /// Few read nearly everything, most read little.
  private func interest(_ draw: Int) -> Int {
    switch draw {
    case ..<400: 950
    case ..<1300: 720
    case ..<2600: 450
    case ..<3500: 200
    default: 30
    }
  }

  /// The recipient's id: nearly always an address, and different for every index.
  func append(_ index: Int, to builder: inout ByteBuilder) {
    let bits = bits(index)
    let draw = Int(bits >> 42 & 0x3FF)
    if draw < 12 { return appendMemberNumber(index, to: &builder) }
    appendName(bits, isAccented: (12..<30).contains(draw), to: &builder)
    builder.append(decimal: index)
    if (30..<50).contains(draw) { builder.append("+news") }
    if (50..<80).contains(draw) {
      builder.append("@Example.COM")
    } else {
      builder.append(ASCII.at)
      builder.append(domains, domain(bits))
    }
  }

  /// An id without an address, with a space: customer numbers happen too.
  private func appendMemberNumber(_ index: Int, to builder: inout ByteBuilder) {
    builder.append("member ")
    builder.append(decimal: index)
  }

  private func appendName(_ bits: UInt64, isAccented: Bool, to builder: inout ByteBuilder) {
    let letters = Hash.of(bits)
    append(syllables, letters, to: &builder)
    append(isAccented ? accented : syllables, letters >> 8, to: &builder)
    builder.append(ASCII.dot)
    append(syllables, letters >> 16, to: &builder)
    append(syllables, letters >> 24, to: &builder)
    if letters >> 40 & 1 == 1 { append(syllables, letters >> 32, to: &builder) }
  }

  private func append(_ table: ByteTable, _ bits: UInt64, to builder: inout ByteBuilder) {
    builder.append(table, Int(bits & 0xFF) % table.count)
  }
}
