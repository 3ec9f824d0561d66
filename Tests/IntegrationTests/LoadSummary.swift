// The figures of the account that `beacon ingest` gives on standard error.

struct LoadSummary {
  private let text: String

  init(_ text: String) { self.text = text }

  var lineCount: Int { figure("lines") }
  var newEventCount: Int { figure("events") }
  var ignoredCount: Int { figure("ignored") }
  var rejectedCount: Int { figure("rejected") }
  var repeatedCount: Int { figure("repeats") }

  /// The first number of the line that begins with `word`; a line that is left out says zero.
  private func figure(_ word: String) -> Int {
    for line in text.split(separator: "\n") {
      let words = line.split { " :".contains($0) }
      if words.first == Substring(word), words.count > 1,
        let number = Int(words[1].filter { $0 != "," })
      {
        return number
      }
    }
    return 0
  }
}
