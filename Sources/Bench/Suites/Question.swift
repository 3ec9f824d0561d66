// A query with the answer that plain loops found.

package import Query

package struct Question {
  package let name: String
  package let text: String
  /// Rows as `AnswerText` has them.
  let answer: [String]
  /// Whether the order of the rows is part of the answer.
  var isOrdered = false

  /// - Throws: when the table is not the answer.
  package func check(_ table: ResultTable) throws {
    let rows = AnswerText.rows(table)
    let (found, expected) = isOrdered ? (rows, answer) : (rows.sorted(), answer.sorted())
    guard found != expected else { return }
    let index = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset
    let first = index.map { "; row \($0): \(found[$0]), not \(expected[$0])" } ?? ""
    throw BenchFailure(
      "wrong answer: \(found.count) rows, \(expected.count) expected\(first): \(text)")
  }
}
