// The user agents of the workload: a few hundred, in families, each known to be human or machine.
// The tokens are those mail clients, proxies and scanners really send; versions are generated.

internal import Base

enum UserAgentFamily: UInt8, CaseIterable {
  /// The request named no user agent.
  case none
  case applePrivacyProxy, gmailPrefetch, scanner, crawler
  case gmailProxy, yahooProxy, outlookDesktop, outlookPhone, thunderbird
  case appleMailMac, appleMailPhone, androidMail, browserDesktop, browserPhone

  /// Whether an open or click with such a user agent is no person's doing.
  var isMachine: Bool {
    switch self {
    case .applePrivacyProxy, .gmailPrefetch, .scanner, .crawler: true
    default: false
    }
  }
}

struct UserAgentPool: Sendable {
  /// Index 0 is `-`: no user agent.
  let texts: ByteTable
  private let families: [UserAgentFamily]
  private let ranges: [Range<Int>]

  init() {
    var all: [String] = []
    var families: [UserAgentFamily] = []
    var ranges: [Range<Int>] = []
    for family in UserAgentFamily.allCases {
      let members = UserAgentPool.members(of: family)
      ranges.append(all.count..<all.count + members.count)
      all += members
      families += Array(repeating: family, count: members.count)
    }
    texts = ByteTable(all)
    self.families = families
    self.ranges = ranges
  }

  /// One user agent of a family, the first ones likelier than the last.
  func pick(_ family: UserAgentFamily, bits: UInt64) -> UInt16 {
    let range = ranges[Int(family.rawValue)]
    let first = Int(bits & 0xFFFF) % range.count
    let second = Int(bits >> 16 & 0xFFFF) % range.count
    return UInt16(range.lowerBound + min(first, second))
  }

  func family(_ index: UInt16) -> UserAgentFamily { families[Int(index)] }

  private static func members(of family: UserAgentFamily) -> [String] {
    switch family {
    case .none: ["-"]
    case .applePrivacyProxy: ["Mozilla/5.0"]
    case .gmailPrefetch:
      [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
      ]
    case .scanner: scanners
    case .crawler: crawlers
    case .gmailProxy:
      ["Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"]
    case .yahooProxy:
      ["YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"]
    case .outlookDesktop: outlookDesktop
    case .outlookPhone: outlookPhone
    case .thunderbird: thunderbird
    case .appleMailMac: appleMailMac
    case .appleMailPhone: appleMailPhone
    case .androidMail: androidMail
    case .browserDesktop: browserDesktop
    case .browserPhone: browserPhone
    }
  }
}
