// How the user agent table says what to look for.
//
// Texts are looked for in the user agent in lower case and written so; only `exact` sees it as it
// came.

internal import Base

enum UserAgentMatch: Sendable {
  case exact(StaticString)
  case prefix(StaticString)
  case contains(StaticString)
  /// The text, with no letter behind it: `bot` is in "AhrefsBot/7.0" but not in "botanica".
  case wordEnd(StaticString)

  /// - Parameters:
  ///   - text: the user agent.
  ///   - lower: the same in lower case.
  func isFound(in text: ByteSlice, lower: ByteSlice) -> Bool {
    switch self {
    case .exact(let wanted): return text == wanted
    case .prefix(let wanted):
      let count = wanted.utf8CodeUnitCount
      return lower.count >= count && lower.slice(from: 0, to: count) == wanted
    case .contains(let wanted): return find(wanted, in: lower) != nil
    case .wordEnd(let wanted): return hasWordEnd(wanted, in: lower)
    }
  }

  private func hasWordEnd(_ wanted: StaticString, in lower: ByteSlice) -> Bool {
    var rest = lower
    while let index = find(wanted, in: rest) {
      rest = rest.suffix(from: index + wanted.utf8CodeUnitCount)
      if rest.isEmpty || !ASCII.isLetter(rest[0]) { return true }
    }
    return false
  }

  private func find(_ wanted: StaticString, in text: ByteSlice) -> Int? {
    // SAFETY: a static string's bytes live for ever.
    let needle = ByteSlice(wanted.utf8Start, count: wanted.utf8CodeUnitCount)
    return ByteSearch.firstIndex(of: needle, in: text)
  }
}
