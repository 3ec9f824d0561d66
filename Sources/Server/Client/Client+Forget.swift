// FORGET as a client makes it.

package import Engine
internal import Query

extension Client {
  /// Has the server forget a recipient; returns what went.
  ///
  /// - Parameter recipient: without line ends, and without blanks around it.
  package func forget(_ recipient: [UInt8]) throws(ClientError) -> RemovalCounts {
    let table = try request(Array("FORGET ".utf8) + recipient).table
    let counts = table.columns.map { column in
      guard column.rowCount == 1, case .integer(let count) = column.cell(0) else { return -1 }
      return Int(count)
    }
    // No directory has as many, and they can be added up.
    guard counts.count == 3, counts.allSatisfy({ (0...1 << 48).contains($0) }) else {
      throw .unreadable("the server does not say what it removed")
    }
    return RemovalCounts(events: counts[0], messages: counts[1], recipients: counts[2])
  }
}
