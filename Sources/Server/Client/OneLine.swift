// A query as one line: the protocol has no other, people have. Every byte keeps its place, so that errors do.

internal import Base
internal import Query

enum OneLine {
  /// The query with blanks for its line ends and comments.
  static func query(_ text: [UInt8]) throws(ClientError) -> [UInt8] {
    guard text.contains(where: isLineEnd) else { return text }
    // What cannot be cut into tokens is the server's to refuse.
    guard let tokens = try? Lexer.tokens(of: text) else {
      return text.map { isLineEnd($0) ? ASCII.space : $0 }
    }
    var line = [UInt8](repeating: ASCII.space, count: text.count)
    for token in tokens {
      let range = token.place.range
      guard !text[range].contains(where: isLineEnd) else {
        throw .unreadable("a text with a line end in it cannot be sent")
      }
      line.replaceSubrange(range, with: text[range])
    }
    return line
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == ASCII.newline || byte == ASCII.carriageReturn
  }
}
