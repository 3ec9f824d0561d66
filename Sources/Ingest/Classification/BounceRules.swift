// What a bounce's enhanced status code (RFC 3463) says about the address: the one table to correct.
//
// The class digit alone would call a full mailbox dead (5.2.2) and a spam filter's refusal the
// recipient's fault (5.7.1).

package import Base

package enum BounceRules {
  /// Codes of class 5, the first match decides. A nil `details` stands for every detail.
  private static let permanent: [(subject: Int, details: Set<Int>?, bounceClass: BounceClass)] = [
    (subject: 1, details: [0, 1, 2, 3, 4, 6, 10], bounceClass: .hard),
    (subject: 1, details: [7, 8], bounceClass: .block),
    (subject: 2, details: [1], bounceClass: .hard),
    (subject: 2, details: [2, 3], bounceClass: .soft),
    (subject: 3, details: nil, bounceClass: .soft),
    (subject: 4, details: [4], bounceClass: .hard),
    (subject: 4, details: nil, bounceClass: .soft),
    (subject: 5, details: nil, bounceClass: .soft),
    (subject: 6, details: nil, bounceClass: .block),
    (subject: 7, details: [13, 17, 18], bounceClass: .hard),
    (subject: 7, details: nil, bounceClass: .block),
  ]

  /// The class of a bounce that states `code` and no class of its own.
  ///
  /// - Returns: `unspecified` without a code, `unknown` for a text that is no code and for a code
  ///   that decides nothing.
  package static func bounceClass(ofCode code: ByteSlice) -> BounceClass {
    if code.isEmpty { return .unspecified }
    guard let (severity, subject, detail) = parse(code) else { return .unknown }
    switch severity {
    case 4: return .soft
    case 5: return permanentClass(subject: subject, detail: detail)
    default: return .unknown
    }
  }

  private static func permanentClass(subject: Int, detail: Int) -> BounceClass {
    let rule = permanent.first { rule in
      rule.subject == subject && rule.details?.contains(detail) != false
    }
    return rule?.bounceClass ?? .unknown
  }

  /// `c.sss.ddd`: one digit, then twice one to three without a leading zero.
  private static func parse(_ code: ByteSlice) -> (Int, Int, Int)? {
    let parts = code.array.split(separator: ASCII.dot, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 1 else { return nil }
    let numbers = parts.compactMap(number)
    return numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : nil
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...3).contains(digits.count), digits.allSatisfy(ASCII.isDigit),
      digits.count == 1 || digits.first != ASCII.zero
    else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
  }
}
