// What a request is answered with, before it becomes bytes.

internal import Engine
package import Query

package enum Reply: Sendable {
  /// Done, and nothing to show.
  case done
  case table(ResultTable)
  case failure(ProtocolError)
}

extension Reply {
  /// The columns and rows of HELP.
  static let help: Reply = {
    let rows = [
      ("SELECT ...", "answers a query, written in one line"),
      ("EXPLAIN SELECT ...", "tells how a query would be answered"),
      ("SET name = value, ...", "sets what holds for the queries of this connection"),
      ("FORMAT \(ReplyFormat.list)", "sets the format of the replies after this one"),
      ("INGEST format", "takes the lines that follow, up to a line with a single '.'"),
      ("FORGET recipient", "removes all about a recipient, for good"),
      ("AUTH token", "shows the server's token, where it has one"),
      ("STATUS", "tells what is there, what is safe, and where it comes from"),
      ("PING", "answers OK"),
      ("HELP", "this"),
      ("QUIT", "closes the connection"),
    ]
    return .table(.pairs(rows, "request", "meaning"))
  }()

  /// The reply to a block of hits.
  static func counts(_ counts: IngestCounts) -> Reply {
    var durability = ResultColumn(name: "durability", type: .text)
    durability.append(counts.durability)
    let columns = columns([
      ("accepted", counts.accepted), ("ignored", counts.ignored), ("rejected", counts.rejected),
      ("repeated", counts.repeated),
    ])
    return .table(ResultTable(columns: columns + [durability]))
  }

  /// The reply to FORGET.
  static func counts(_ counts: RemovalCounts) -> Reply {
    let columns = columns([
      ("events", counts.events), ("messages", counts.messages),
      ("recipients", counts.recipients),
    ])
    return .table(ResultTable(columns: columns))
  }

  private static func columns(_ cells: [(name: String, count: Int)]) -> [ResultColumn] {
    cells.map { name, count in
      var column = ResultColumn(name: name, type: .integer)
      column.append(Int64(count))
      return column
    }
  }
}
