// Reads columns of rows whose places are known: of the few that a listing is left with.

internal import Base
internal import Columnar

struct RowReader {
  private let context: ShardContext
  private let places: [RowPlace]
  private let source: any RowSource

  init(_ source: Source, _ places: [RowPlace], _ context: ShardContext) {
    self.context = context
    self.places = places
    switch source {
    case .events: self.source = EventRows(context, EventBlock())
    case .messages:
      let messages = places.map { UInt32(truncatingIfNeeded: $0) }
      self.source = MessageRows(
        context, MessageList(messages, messageCount: context.messageCount))
    case .recipients, .campaigns, .links: self.source = EntityRows(context, source)
    }
  }

  /// A column for each term; shorter ones when the query must stop.
  func columns(_ terms: [Term]) -> [FrameColumn] {
    let evaluators = terms.map { context.query.evaluator($0, source) }
    var columns = evaluators.map { FrameColumn($0.output.type, pool: $0.output.pool) }
    var rest = places[...]
    while !rest.isEmpty, !context.query.mustStop {
      let count = source.show(rest)
      for (index, evaluator) in evaluators.enumerated() {
        let vector = evaluator.run(count)
        for row in 0..<count {
          columns[index].append(vector.words[row], isNull: vector.nulls[row] != 0)
        }
      }
      rest = rest.dropFirst(count)
    }
    return columns
  }
}
