// The words that Tab completes.

internal import Columnar
internal import Query

package struct Vocabulary: Sendable {
  /// Sorted, without repetitions.
  private let words: [String]

  package init(_ words: [String]) { self.words = Set(words).sorted() }

  /// The words of the query language, with the dimensions there are in the data.
  package init(dimensions: [String]) {
    let settings = [
      "audience", "implied_opens", "denominator", "definition", "time_zone", "timeout",
      "max_groups",
    ]
    let values =
      QuerySettings.Audience.allCases.map(\.rawValue)
      + QuerySettings.Denominator.allCases.map(\.rawValue)
      + QuerySettings.Definition.allCases.map(\.rawValue)
    self.init(
      Keyword.reserved.union(Keyword.forms).union(["explain", "filter", "nulls", "set"])
        .map { $0.uppercased() }
        + Measure.allCases.map(\.rawValue) + Source.allCases.map(\.rawValue) + dimensions
        + settings + values + ["\\q", "\\h"])
  }

  /// The dimensions of any data; attributes are known only where the data is.
  package static var usualDimensions: [String] {
    DimensionCatalog(
      Snapshot(
        shards: [], dictionaries: [], campaignAttributes: [], linkAttributes: [],
        recipientAttributeNames: [], traits: EntryTraits(userAgents: [], bounceClasses: []),
        hours: HourCounts())
    ).names
  }

  /// The words that begin so, whatever the case; sorted.
  package func completions(of start: String) -> [String] {
    let lower = start.lowercased()
    return words.filter { $0.lowercased().hasPrefix(lower) }
  }

  /// Where the word before `cursor` begins.
  static func wordStart(_ text: [Character], before cursor: Int) -> Int {
    var start = cursor
    while start > 0, isPart(text[start - 1]) { start -= 1 }
    // A backslash begins a word, and is no part of one.
    if start > 0, text[start - 1] == "\\" { start -= 1 }
    return start
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "."
  }
}
