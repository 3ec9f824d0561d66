// Replies as bytes: the frame holds in every format, whatever the values.

import Base
import Query
import Server
import TestSupport
import Testing

@Suite("replies")
struct ReplyWriterTests {
  private func written(
    _ reply: Reply, _ format: ReplyFormat, limits: ServerLimits = ServerLimits()
  ) -> String {
    var bytes: [UInt8] = []
    ReplyWriter(format, limits: limits).append(reply, microseconds: 7, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private var table: ResultTable {
    var name = ResultColumn(name: "na\rme:x", type: .text)
    var rate = ResultColumn(name: "rate", type: .rate)
    name.append("a\tb\nc")
    rate.append(0.25)
    name.appendNull()
    rate.appendNull()
    name.append("")
    rate.append(1.0)
    return ResultTable(columns: [name, rate])
  }

  @Test("each format has one header line and one line a row")
  func formats() {
    let expected: [(ReplyFormat, String)] = [
      (.tsv, "na\\rme:x\trate\na\\tb\\nc\t0.25\n\\N\t\\N\n\t1.0\n"),
      (.typed, "na\\rme:x:text\trate:rate\na\\tb\\nc\t0.25\n\\N\t\\N\n\t1.0\n"),
      (.csv, "na me:x,rate\r\na\tb c,0.25\r\n,\r\n\"\",1.0\r\n"),
      (
        .json,
        #"{"columns":[{"name":"na\rme:x","type":"text"},{"name":"rate","type":"rate"}]}"# + "\n"
          + #"{"na\rme:x":"a\tb\nc","rate":0.25}"# + "\n" + #"{"na\rme:x":null,"rate":null}"#
          + "\n" + #"{"na\rme:x":"","rate":1.0}"# + "\n"
      ),
    ]
    for (format, text) in expected {
      #expect(written(.table(table), format) == "OK 3 2 7\n" + text)
    }
  }

  @Test("no columns, no rows, no header: nothing follows the status")
  func nothing() {
    for format in ReplyFormat.allCases {
      #expect(written(.done, format) == "OK 0 0 7\n")
      #expect(written(.table(ResultTable(columns: [])), format) == "OK 0 0 7\n")
    }
  }

  @Test("an answer beyond a limit is an error and nothing else")
  func limits() {
    var limits = ServerLimits()
    limits.rowCountMax = 2
    #expect(
      written(.table(table), .tsv, limits: limits)
        == "ERR LIMIT 0 the answer has 3 rows; the most is 2: add LIMIT\n")
    limits.rowCountMax = 3
    limits.replyByteCountMax = 10
    #expect(
      written(.table(table), .tsv, limits: limits)
        == "ERR LIMIT 0 the answer has more bytes than 10, the most: add LIMIT\n")
  }

  @Test("any table has as many lines as its status says")
  func lineCount() {
    forAll(count: Cases.count(100)) { random, seed in
      let table = ReplyWriterTests.table(&random)
      for format in ReplyFormat.allCases {
        let lines = written(.table(table), format).utf8.count { $0 == 10 }
        #expect(lines == 2 + table.rowCount, "\(format), \(seed)")
      }
    }
  }

  /// A table of one to three columns of wild texts.
  static func table(_ random: inout PRNG) -> ResultTable {
    let rowCount = random.below(5)
    let columns = (0...random.below(3)).map { _ in
      var column = ResultColumn(name: text(&random), type: .text)
      for _ in 0..<rowCount {
        if random.isHit(0.2) { column.appendNull() } else { column.append(text(&random)) }
      }
      return column
    }
    return ResultTable(columns: columns)
  }

  private static func text(_ random: inout PRNG) -> String {
    let pieces = ["a", "\n", "\r", "\t", "\"", ",", "\\", "\\N", "'", "=1", "\0", "é", ":", ""]
    return (0..<random.below(5)).map { _ in random.pick(pieces) }.joined()
  }
}
