// The answers to a report's queries, and how they come about.

internal import Base
package import Query

/// Why a query has no answer.
package enum ReportFailure: Error {
  /// Something is wrong with the query.
  case query(QueryError)
  /// Nobody was there to answer it.
  case nobody(String)
}

package struct ReportAnswer: Sendable {
  package let report: Report
  /// Parameters that were given.
  package let given: [(name: String, value: ReportValue)]
  package let parts: [Part]

  /// One query's answer.
  package struct Part: Sendable {
    package let statement: ReportStatement
    package let table: ResultTable
    /// Of the crosstab or heat map that the statement asks for; nil where no page is drawn.
    let grid: Grid?
  }

  /// Answers a query of the language.
  package typealias Query = (String) throws(ReportFailure) -> ResultTable

  /// Asks every query of `report`, or the one at position `only` (from 1).
  ///
  /// - Parameter format: what it is written as: only a page has crosstabs and heat maps.
  /// - Throws: the first error, at its place in the report.
  package init(
    _ report: Report, _ values: ReportValues, only: Int? = nil, for format: ResultFormat = .table,
    _ query: Query
  ) throws(ReportError) {
    self.report = report
    given = values.given
    if let only, !(1...report.statements.count).contains(only) {
      let count = report.statements.count
      throw ReportError(
        "--only \(only): the report \(report.source.name) has "
          + (count == 1 ? "one query" : "\(count) queries"))
    }
    var parts: [Part] = []
    for (index, statement) in report.statements.enumerated() {
      if let only, index + 1 != only { continue }
      let table = try ReportAnswer.answer(statement, values, of: report.source, query)
      let grid =
        format == .table ? try ReportAnswer.grid(statement, table, of: report.source) : nil
      parts.append(Part(statement: statement, table: table, grid: grid))
    }
    self.parts = parts
  }

  private static func answer(
    _ statement: ReportStatement, _ values: ReportValues, of source: ReportSource, _ query: Query
  ) throws(ReportError) -> ResultTable {
    guard let loop = statement.loop else {
      return try ask(Expansion(statement, values, of: source), of: source, query)
    }
    var values = values
    var tables: [ResultTable] = []
    for value in loop.values {
      values[loop.name] = .text(value)
      tables.append(try ask(Expansion(statement, values, of: source), of: source, query))
    }
    guard let table = ResultTable(stacking: tables, under: loop.values, as: loop.name) else {
      throw ReportError(
        "the answers have different columns for each \(loop.name)", at: statement.range, of: source)
    }
    return table
  }

  private static func ask(
    _ expansion: Expansion, of source: ReportSource, _ query: Query
  ) throws(ReportError) -> ResultTable {
    do throws(ReportFailure) {
      return try query(expansion.text)
    } catch {
      switch error {
      case .query(let error): throw expansion.error(error, of: source)
      case .nobody(let reason): throw ReportError(reason, isWrongUsage: false)
      }
    }
  }
}

extension ReportAnswer {
  private static func grid(
    _ statement: ReportStatement, _ table: ResultTable, of source: ReportSource
  ) throws(ReportError) -> Grid? {
    do throws(QueryError) {
      switch statement.form {
      case .table, .record: return nil
      case .crosstab(let axes): return try Grid(table, axes)
      case .heatMap(let axes):
        let grid = try Grid(table, axes)
        try HeatScale.check(grid.value)
        return grid
      }
    } catch {
      throw ReportError(
        error.message, at: firstLine(statement, source), of: source, hint: error.hint)
    }
  }

  /// Of the query: a caret under all of it would say no more.
  private static func firstLine(_ statement: ReportStatement, _ source: ReportSource) -> Range<Int>
  {
    let text = source.text[statement.range]
    return text.startIndex..<(text.firstIndex(of: ASCII.newline) ?? text.endIndex)
  }
}
