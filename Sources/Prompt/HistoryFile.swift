// Where statements are kept from one prompt to the next: a line for each, only its owner may read it. What cannot be
// read or written is no reason to stop.

internal import Glibc

package struct HistoryFile: Sendable {
  private let path: String

  package init(path: String) { self.path = path }

  /// The file in the home folder; nil without one.
  package static var ofUser: HistoryFile? {
    guard let home = getenv("HOME"), home.pointee != 0 else { return nil }
    return HistoryFile(path: String(cString: home) + "/.beacon_history")
  }

  /// The statements kept, oldest first. A file that has grown is cut to the last.
  package func read() -> [String] {
    guard let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var entries: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let line {
      // SAFETY: getline ends what it read with a NUL.
      let text = String(cString: line)
      entries.append(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
    guard entries.count > 2 * History.countMax else { return entries }
    entries = entries.suffix(History.countMax)
    write(entries, flags: O_TRUNC)
    return entries
  }

  /// Adds a statement, which is one line.
  package func append(_ entry: String) { write([entry], flags: O_APPEND) }

  private func write(_ entries: [String], flags: Int32) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var text = entries.map { $0 + "\n" }.joined()
    text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
