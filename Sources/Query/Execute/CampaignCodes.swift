// Which campaigns pass the conditions of a query, and what they are called among its keys.

internal import Base
internal import Columnar

struct CampaignCodes {
  /// By campaign code.
  private(set) var passes: [Bool]
  /// By key, then by campaign code.
  private(set) var keys: [[Code]] = []

  init(_ keys: [Dimension], _ conditions: [CompiledPredicate], _ context: QueryContext) {
    let count = context.snapshot[.campaign].count + 1
    passes = [Bool](repeating: true, count: count)
    for condition in conditions {
      if case .table(.campaign, let table) = condition {
        for campaign in 0..<count where table[campaign] != Truth.yes.rawValue {
          passes[campaign] = false
        }
        continue
      }
      let codes = Dictionary(
        uniqueKeysWithValues: condition.dimensions.map {
          ($0, CampaignCodes.codes($0, count, context))
        })
      for campaign in 0..<count where passes[campaign] {
        passes[campaign] = condition.truth(context) { codes[$0]?[campaign] ?? 0 } == .yes
      }
    }
    self.keys = keys.map { CampaignCodes.codes($0, count, context) }
  }

  private static func codes(
    _ dimension: Dimension, _ count: Int, _ context: QueryContext
  ) -> [Code] {
    guard let attributes = context.attributeCodes(dimension) else {
      return (0..<count).map { Code($0) }
    }
    return (0..<count).map { $0 < attributes.count ? Code(attributes[$0]) : 0 }
  }

  /// The campaigns that pass, those that all keys call the same side by side.
  var alike: [ArraySlice<Int>] {
    var passing = passes.indices.filter { passes[$0] }
    guard !keys.isEmpty else { return passing.isEmpty ? [] : [passing[...]] }
    passing.sort { left, right in
      for codes in keys where codes[left] != codes[right] { return codes[left] < codes[right] }
      return false
    }
    return passing.chunks { left, right in keys.allSatisfy { $0[left] == $0[right] } }
  }
}

extension [Int] {
  /// Its parts whose elements are the same as the first of them.
  fileprivate func chunks(_ areAlike: (Int, Int) -> Bool) -> [ArraySlice<Int>] {
    var chunks: [ArraySlice<Int>] = []
    var start = 0
    for end in indices.dropFirst() where !areAlike(self[start], self[end]) {
      chunks.append(self[start..<end])
      start = end
    }
    if start < count { chunks.append(self[start...]) }
    return chunks
  }
}
