// Where a node of the tree was written, so that errors found later can point at it.

/// The bytes a node came from. All places are equal: trees compare by what they mean, not by how
/// they were laid out. That makes `parse(print(tree)) == tree` a plain comparison, and lets a
/// binder match a GROUP BY expression against a SELECT item.
package struct Place: Sendable {
  /// Byte offsets into the query's text.
  package var range: Range<Int>
  /// Whether a name was written in double quotes; binders use it for the hint about text.
  package var isQuoted: Bool

  package init(_ range: Range<Int>, isQuoted: Bool = false) {
    self.range = range
    self.isQuoted = isQuoted
  }

  /// The place of nodes that were built, not parsed.
  package static let none = Place(0..<0)

  /// From the start of this place to the end of `other`.
  package func extended(to other: Place) -> Place {
    Place(range.lowerBound..<max(range.upperBound, other.range.upperBound))
  }
}

extension Place: Hashable {
  package static func == (left: Place, right: Place) -> Bool { true }
  package func hash(into hasher: inout Hasher) {}
}
