// Finds reports by name: files in folders, then those that come with the program.

internal import Glibc
internal import Query

package struct ReportShelf: Sendable {
  private let folders: [String]

  private static let suffix = ".sql"

  /// - Parameter folders: the first that has a report of a name counts.
  package init(folders: [String]) { self.folders = folders }

  /// The report called `name`, or in the file `name` if that has a slash or ends like a report's file.
  package func report(_ name: String) throws(ReportError) -> Report {
    if name.contains("/") || name.hasSuffix(ReportShelf.suffix) {
      let file = name.split(separator: "/").last.map(String.init) ?? name
      return try read(name, as: ReportShelf.stem(file) ?? file)
    }
    for folder in folders {
      let path = "\(folder)/\(name)\(ReportShelf.suffix)"
      if access(path, F_OK) == 0 { return try read(path, as: name) }
    }
    if let source = ShippedReports.sources.first(where: { $0.name == name }) {
      return try ReportReader.read(source)
    }
    let message = "there is no report \(Spelling.quote(name))"
    let hint = ReportError.suggestion(name, among: names)
    throw ReportError("\(message): \(hint ?? "`beacon report` lists what there is")")
  }

  /// The names of all reports: those in folders, then those that come with the program, each sorted.
  package var names: [String] {
    var names: [String] = []
    for folder in folders { names += ReportShelf.names(in: folder) }
    names += ShippedReports.sources.map(\.name)
    var known: Set<String> = []
    return names.filter { known.insert($0).inserted }
  }

  private func read(_ path: String, as name: String) throws(ReportError) -> Report {
    guard let file = fopen(path, "r") else {
      throw ReportError("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    // One byte more than is allowed tells what is too long.
    var text = [UInt8](repeating: 0, count: ReportReader.byteCountMax + 1)
    let count = fread(&text, 1, text.count, file)
    guard ferror(file) == 0 else {
      throw ReportError("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    let source = ReportSource(name: name, path: path, text: Array(text[..<count]))
    return try ReportReader.read(source)
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let name = stem(file) { names.append(name) }
    }
    return names.sorted()
  }

  /// `weekly` of `weekly.sql`.
  private static func stem(_ file: String) -> String? {
    guard file.hasSuffix(suffix), file.utf8.count > suffix.utf8.count, file.first != "." else {
      return nil
    }
    return String(file.dropLast(suffix.count))
  }
}
