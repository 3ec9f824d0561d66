// The values a report is asked with: what was given, else the defaults.

internal import Base
internal import Query

package struct ReportValues: Sendable {
  private var values: [String: ReportValue] = [:]
  /// What was given, in the order of the report's parameters.
  package private(set) var given: [(name: String, value: ReportValue)] = []

  /// - Parameter given: names and values as somebody wrote them; of several for one name the last counts.
  package init(
    _ given: [(name: String, text: String)], for report: Report
  ) throws(ReportError) {
    for parameter in report.parameters { values[parameter.name] = parameter.initial }
    var read: [String: ReportValue] = [:]
    for (name, text) in given {
      guard let parameter = report.parameters.first(where: { $0.name == name }) else {
        throw ReportValues.unknown(name, in: report)
      }
      guard let value = ReportValue(text, parameter.kind) else {
        throw ReportError("--\(name): \(Spelling.quote(text)) is not \(parameter.kind.noun)")
      }
      read[name] = value
    }
    for parameter in report.parameters {
      guard let value = read[parameter.name] else { continue }
      values[parameter.name] = value
      self.given.append((parameter.name, value))
    }
  }

  /// The value of a parameter; nil is NULL.
  subscript(name: String) -> ReportValue? {
    get { values[name] }
    set { values[name] = newValue }
  }

  private static func unknown(_ name: String, in report: Report) -> ReportError {
    let names = report.parameters.map { "--\($0.name)" }
    let message = "the report \(report.source.name) has no parameter --\(name)"
    guard !names.isEmpty else { return ReportError("\(message): it has none") }
    let options = ReportParameter.reserved.sorted().map { "--\($0)" }
    let hint =
      ReportError.suggestion("--\(name)", among: names + options)
      ?? "it has \(names.joined(separator: ", "))"
    return ReportError("\(message): \(hint)")
  }
}
