// Tells HTTP from requests and log lines. Any web page can have a browser send a request to a port of this machine,
// with a body of its choice; so whoever takes lines must not get as far as the body.

internal import Base

enum HTTPLine {
  /// Whether a line is what an HTTP request begins with: `METHOD target HTTP/1.x`, or the header that comes next, for
  /// the first line may have been too long to be seen.
  static func begins(_ line: ByteSlice) -> Bool { isRequest(line) || isHost(line) }

  private static func isRequest(_ line: ByteSlice) -> Bool {
    let words = line.buffer.split(separator: ASCII.space, maxSplits: 3)
    guard words.count == 3 else { return false }
    return words[0].allSatisfy(ASCII.isLetter) && words[2].starts(with: "HTTP/".utf8)
  }

  private static func isHost(_ line: ByteSlice) -> Bool {
    line.buffer.prefix(5).map(ASCII.lowercase).elementsEqual("host:".utf8)
  }
}
