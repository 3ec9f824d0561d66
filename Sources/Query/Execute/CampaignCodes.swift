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

  /// From the first campaign that passes to the last.
  var passing: ClosedRange<UInt32>? {
    guard let first = passes.firstIndex(of: true), let last = passes.lastIndex(of: true) else {
      return nil
    }
    return UInt32(first)...UInt32(last)
  }
}
