// A client of the line protocol: sends a request, waits for its reply, and makes a table of it again.

internal import Base
package import Query

package final class Client {
  /// An answer, and how long the server took.
  package struct Answer {
    package let table: ResultTable
    package let microseconds: Int
  }

  private let socket: Socket
  private var received: [UInt8] = []
  /// What comes before here was taken.
  private var start = 0

  /// Connects, shows the token if there is one, and asks for replies that can be read back.
  package init(_ address: ListenAddress, token: [UInt8]? = nil) throws(ClientError) {
    socket = try Socket(address)
    if let token { _ = try request(Array("AUTH ".utf8) + token) }
    _ = try request(Array("FORMAT \(ReplyFormat.typed.rawValue)".utf8))
  }

  /// Asks a query, which may be written over several lines.
  ///
  /// - Throws: `refused` with a place in `text`.
  package func query(_ text: [UInt8]) throws(ClientError) -> Answer {
    try request(try OneLine.query(text))
  }

  /// Makes a request of one line, given without its end.
  package func request(_ line: [UInt8]) throws(ClientError) -> Answer {
    // Until the reply is there, the end of this process is to stop the server's work.
    socket.resetsAtEnd(true)
    try socket.send(line + [ASCII.newline])
    let answer = try receiveAnswer()
    socket.resetsAtEnd(false)
    return answer
  }

  private func receiveAnswer() throws(ClientError) -> Answer {
    let status = String(decoding: try receiveLines(1), as: UTF8.self)
    switch try Status(status) {
    case .error(let error): throw .refused(error)
    case .answer(let rowCount, let columnCount, let microseconds):
      guard columnCount > 0 else {
        return Answer(table: ResultTable(columns: []), microseconds: microseconds)
      }
      let lines = try receiveLines(rowCount + 1)
      return Answer(
        table: try TypedTable.read(lines, rowCount: rowCount, columnCount: columnCount),
        microseconds: microseconds)
    }
  }

  /// The next lines, as bytes with their ends.
  private func receiveLines(_ count: Int) throws(ClientError) -> ArraySlice<UInt8> {
    received.removeSubrange(..<start)
    start = 0
    var rest = count
    while true {
      while rest > 0, let end = received[start...].firstIndex(of: ASCII.newline) {
        start = end + 1
        rest -= 1
      }
      if rest == 0 { return received[..<start] }
      // A line may come in pieces, and is then looked at again.
      try socket.receive(into: &received)
    }
  }
}

/// The first line of a reply.
private enum Status {
  case answer(rowCount: Int, columnCount: Int, microseconds: Int)
  case error(ProtocolError)

  init(_ line: String) throws(ClientError) {
    let words = line.split(separator: " ", maxSplits: 3).map { $0.filter { $0 != "\n" } }
    guard words.count == 4 else { throw .unreadable("this is no Beacon server: \(line)") }
    if words[0] == "OK", let rows = Int(words[1]), let columns = Int(words[2]),
      let time = Int(words[3]), rows >= 0, rows < .max, columns >= 0
    {
      self = .answer(rowCount: rows, columnCount: columns, microseconds: time)
    } else if words[0] == "ERR", let code = ProtocolError.Code(rawValue: words[1]),
      let position = Int(words[2])
    {
      self = .error(ProtocolError(code, at: position, words[3]))
    } else {
      throw .unreadable("this is no Beacon server: \(line)")
    }
  }
}
