// What a file's name says about its content: little, but attribute files are called after what they
// hold.

internal import Base

struct FileName {
  /// Whose attributes a file of this name holds, if it is called so and is no log.
  let owner: AttributeOwner?
  /// Whether it is the generator's own record of what it generated.
  let isAnswerSheet: Bool

  private static let compressions: Set<Substring> = ["gz", "zst", "lz4"]
  private static let formats: Set<Substring> = ["csv", "tsv", "txt", "ndjson", "jsonl", "json"]

  init(path: String) {
    var parts = (path.split(separator: "/").last ?? "").split(separator: ".")
    if parts.count > 1, let last = parts.last, FileName.compressions.contains(last) {
      parts.removeLast()
    }
    isAnswerSheet = parts == ["truth", "json"]
    if parts.count > 1, let last = parts.last, FileName.formats.contains(last) {
      parts.removeLast()
    }
    let stem = parts.joined(separator: ".")
    owner = AttributeOwner.allCases.first { "\($0.fileStem)" == stem }
  }
}
