// What reports there are, with what each shows and the parameters it takes.

internal import Query

package struct ReportList {
  package private(set) var lines: [String] = []
  /// Of files that are no reports.
  package private(set) var errors: [ReportError] = []

  package init(_ shelf: ReportShelf, _ style: PageStyle) {
    let names = shelf.names
    let width = names.map(PageText.width).max() ?? 0
    for name in names {
      do throws(ReportError) {
        let report = try shelf.report(name)
        append(report, nameWidth: width, style)
      } catch {
        errors.append(error)
      }
    }
  }

  private mutating func append(_ report: Report, nameWidth: Int, _ style: PageStyle) {
    let indent = nameWidth + 2
    let room = style.width.map { max(20, min($0, 100) - indent) }
    let about = report.about.isEmpty ? report.title : report.about
    let texts =
      PageText.wrap(DisplayText.escape(about), room)
      + PageText.wrap(report.parameters.map(ReportList.text).joined(separator: " "), room).map(
        style.dim)
    for (index, text) in texts.enumerated() where !text.isEmpty {
      let head = index == 0 ? PageText.fit(report.source.name, indent) : PageText.fit("", indent)
      lines.append((index == 0 ? style.bold(head) : head) + text)
    }
  }

  /// `--limit=10`; the name alone where there is no default.
  private static func text(_ parameter: ReportParameter) -> String {
    guard let initial = parameter.initial else { return "--\(parameter.name)" }
    return DisplayText.escape("--\(parameter.name)=\(initial.shown)")
  }
}
