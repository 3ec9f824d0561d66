// Which terms have the same value for all messages that are alike, so that profiles answer them (`ProfileRows`).

extension Term {
  /// Whether its value is the same for all messages of a profile.
  var isOfProfiles: Bool {
    switch node {
    case .column(let key): key.isOfProfiles
    case .isNull(let operand): operand.hasSharedPresence
    case .compare(let comparison, let left, let right):
      left.isPresence(comparison, right) || right.isPresence(comparison.mirrored, left)
        || left.isOfProfiles && right.isOfProfiles
    default: parts.allSatisfy(\.isOfProfiles)
    }
  }

  /// Whether it is NULL for all messages of a profile or for none.
  var hasSharedPresence: Bool {
    if isOfProfiles { return true }
    guard case .column(.fact(let fact)) = node else { return false }
    return fact.presentKind != nil
  }

  /// Whether it is a count, and all counts but 0 compare in the same way with a constant.
  private func isPresence(_ comparison: Comparison, _ other: Term) -> Bool {
    guard case .column(.fact(let fact)) = node, fact.type == .integer, fact.presentKind != nil,
      case .integer(let bound) = other.constant
    else { return false }
    return switch comparison {
    case .greaterOrEqual, .less: bound <= 1
    default: bound <= 0
    }
  }
}

extension ColumnKey {
  fileprivate var isOfProfiles: Bool {
    switch self {
    case .dimension(.campaign), .dimension(.campaignAttribute), .dimension(.tracked): true
    case .fact(.status), .fact(.bounceClass), .fact(.opened): true
    default: false
    }
  }
}
