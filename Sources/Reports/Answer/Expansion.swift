// A query with values in the places of its parameters, and the way back from places in it to places in the file.

internal import Query

struct Expansion {
  private(set) var text = ""
  /// Where each value stands in `text`, and where its parameter stood in the file.
  private var replaced: [(here: Range<Int>, there: Range<Int>)] = []
  private let start: Int

  init(_ statement: ReportStatement, _ values: ReportValues, of source: ReportSource) {
    start = statement.range.lowerBound
    var offset = start
    for placeholder in statement.placeholders {
      text += source.string(offset..<placeholder.range.lowerBound)
      let before = text.utf8.count
      // Blanks keep a value from growing together with a word, a number or a quote beside it.
      text += " " + ReportValue.literal(values[placeholder.name]) + " "
      replaced.append((before..<text.utf8.count, placeholder.range))
      offset = placeholder.range.upperBound
    }
    text += source.string(offset..<statement.range.upperBound)
  }

  /// An error of the query, at its place in the file.
  func error(_ error: QueryError, of source: ReportSource) -> ReportError {
    let lower = offset(of: error.range.lowerBound, isEnd: false)
    let upper = offset(of: error.range.upperBound, isEnd: true)
    return ReportError(
      QueryError(error.message, at: lower..<max(lower, upper), hint: error.hint), of: source)
  }

  /// The place in the file; a place inside a value is that of its parameter.
  private func offset(of place: Int, isEnd: Bool) -> Int {
    var shift = start
    for (here, there) in replaced {
      if place < here.lowerBound || (isEnd && place == here.lowerBound) { break }
      if isEnd ? place <= here.upperBound : place < here.upperBound {
        return isEnd ? there.upperBound : there.lowerBound
      }
      shift = there.upperBound - here.upperBound
    }
    return place + shift
  }
}
