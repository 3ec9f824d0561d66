// A report as its file states it: titles, parameters, and queries with places for values.

internal import Query

package struct Report: Sendable {
  package let source: ReportSource
  package var title: String
  /// What it shows; empty where the file does not say.
  package var about = ""
  package var parameters: [ReportParameter] = []
  package var statements: [ReportStatement] = []
}

/// The text of a report and where it came from.
package struct ReportSource: Sendable {
  /// What the report is called by.
  package let name: String
  /// What errors call the file.
  package let path: String
  package let text: [UInt8]

  package init(name: String, path: String, text: [UInt8]) {
    self.name = name
    self.path = path
    self.text = UTF8Scan.unmarked(text)
  }
}

/// A value that can be given to a report.
package struct ReportParameter: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case text
    case integer
    case date
  }

  package let name: String
  package let kind: Kind
  /// Nil is NULL.
  package var initial: ReportValue?
  package var about = ""
}

/// A query of a report.
package struct ReportStatement: Sendable {
  /// Empty where the file does not say.
  package var title = ""
  package var about = ""
  package var form = ReportForm.table(first: nil)
  package var loop: ReportLoop?
  /// The bytes of the query in the file, without the `;`.
  package var range = 0..<0
  package var placeholders: [Placeholder] = []

  /// `:name` in a query.
  package struct Placeholder: Equatable, Sendable {
    package let name: String
    /// Of the colon and the name, in the file.
    package let range: Range<Int>
  }
}

/// `@foreach name in value, value`.
package struct ReportLoop: Equatable, Sendable {
  package let name: String
  package let values: [String]
}

/// How an answer is shown to people.
package enum ReportForm: Equatable, Sendable {
  /// `first`: how many rows are shown; nil for all.
  case table(first: Int?)
  case record
  case crosstab(ReportAxes)
  case heatMap(ReportAxes)
}

/// Columns of the query that make a grid.
package struct ReportAxes: Equatable, Sendable {
  package let rows: String
  package let columns: String
  package let value: String
}
