// Golden outputs of every format, with text that tries to break out of it.

import Base
import Query
import Testing

@Suite("Output")
struct OutputTests {
  /// One column of each type; the second row is NULL throughout.
  private static func everyType() -> ResultTable {
    var columns = ResultType.allCases.map { ResultColumn(name: $0.rawValue, type: $0) }
    for index in columns.indices {
      switch columns[index].type {
      case .text: columns[index].append("spring")
      case .integer: columns[index].append(Int64.min)
      case .decimal: columns[index].append(-12_500_000 as Int64)
      case .number: columns[index].append(0.1 + 0.2)
      case .rate: columns[index].append(0.42178)
      case .timestamp: columns[index].append(1_773_479_521_250 as Int64)
      case .date: columns[index].append(1_773_446_400_000 as Int64)
      case .boolean: columns[index].append(true)
      case .interval: columns[index].append(-97_445_006 as Int64)
      }
      columns[index].appendNull()
    }
    return ResultTable(columns: columns)
  }

  private static func texts(_ name: String, _ values: [String?]) -> ResultTable {
    var column = ResultColumn(name: name, type: .text)
    for value in values {
      if let value { column.append(value) } else { column.appendNull() }
    }
    return ResultTable(columns: [column])
  }

  private static func written(_ table: ResultTable, _ writer: ResultWriter) -> String {
    var bytes: [UInt8] = []
    writer.write(table, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func written(_ table: ResultTable, _ format: ResultFormat) -> String {
    written(table, ResultWriter(format))
  }

  @Test("a table aligns, shows rates as percentages and NULL as a dash")
  func tableTypes() {
    let columns = Self.everyType().columns
    #expect(
      Self.written(ResultTable(columns: Array(columns[..<5])), .table) == """
        text   │              integer │ decimal │              number │    rate
        ───────┼──────────────────────┼─────────┼─────────────────────┼────────
        spring │ -9223372036854775808 │   -12.5 │ 0.30000000000000004 │ 42.18 %
        –      │                    – │       – │                   – │       –
        2 rows

        """)
    #expect(
      Self.written(ResultTable(columns: Array(columns[5...])), .table) == """
        timestamp                │ date       │ boolean │ interval
        ─────────────────────────┼────────────┼─────────┼────────────────────
        2026-03-14T09:12:01.250Z │ 2026-03-14 │ true    │ -1 day 03:04:05.006
        –                        │ –          │ –       │ –
        2 rows

        """)
  }

  @Test("csv, tsv, json and ndjson write the same plain values")
  func plainTypes() {
    let table = Self.everyType()
    #expect(
      Self.written(table, .csv)
        == "text,integer,decimal,number,rate,timestamp,date,boolean,interval\r\n"
        + "spring,-9223372036854775808,-12.5,0.30000000000000004,0.42178,"
        + "2026-03-14T09:12:01.250Z,2026-03-14,true,-1 day 03:04:05.006\r\n,,,,,,,,\r\n")
    #expect(
      Self.written(table, .tsv)
        == "text\tinteger\tdecimal\tnumber\trate\ttimestamp\tdate\tboolean\tinterval\n"
        + "spring\t-9223372036854775808\t-12.5\t0.30000000000000004\t0.42178\t"
        + "2026-03-14T09:12:01.250Z\t2026-03-14\ttrue\t-1 day 03:04:05.006\n"
        + "\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n")
    let first =
      #"{"text":"spring","integer":-9223372036854775808,"decimal":-12.5,"#
      + #""number":0.30000000000000004,"rate":0.42178,"timestamp":"2026-03-14T09:12:01.250Z","#
      + #""date":"2026-03-14","boolean":true,"interval":"-1 day 03:04:05.006"}"#
    let second =
      #"{"text":null,"integer":null,"decimal":null,"number":null,"rate":null,"timestamp":null,"#
      + #""date":null,"boolean":null,"interval":null}"#
    #expect(Self.written(table, .ndjson) == "\(first)\n\(second)\n")
    #expect(
      Self.written(table, .json)
        == #"{"columns":[{"name":"text","type":"text"},{"name":"integer","type":"integer"},"#
        + #"{"name":"decimal","type":"decimal"},{"name":"number","type":"number"},"#
        + #"{"name":"rate","type":"rate"},{"name":"timestamp","type":"timestamp"},"#
        + #"{"name":"date","type":"date"},{"name":"boolean","type":"boolean"},"#
        + #"{"name":"interval","type":"interval"}],"rows":["#
        + "\n\(first),\n\(second)\n]}\n")
  }

  @Test("csv quotes what needs quotes, tells NULL from empty, and defuses formulas")
  func csvText() {
    let values: [(String?, safe: String, raw: String)] = [
      ("plain text", "plain text", "plain text"),
      ("", #""""#, #""""#),
      (nil, "", ""),
      ("a,b", #""a,b""#, #""a,b""#),
      (#"say "hi""#, #""say ""hi""""#, #""say ""hi""""#),
      ("two\nlines", "\"two\nlines\"", "\"two\nlines\""),
      ("=1+1", "'=1+1", "=1+1"),
      ("@SUM(A1)", "'@SUM(A1)", "@SUM(A1)"),
      ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0", "+cmd|' /C calc'!A0"),
      ("-1", "-1", "-1"),
      ("+41.5", "+41.5", "+41.5"),
      ("-1-2", "'-1-2", "-1-2"),
      ("-", "'-", "-"),
      ("\tx", "'\tx", "\tx"),
      ("\rx", "\"'\rx\"", "\"\rx\""),
      ("=\"a\",b", "\"'=\"\"a\"\",b\"", "\"=\"\"a\"\",b\""),
      ("🎉 שלום", "🎉 שלום", "🎉 שלום"),
    ]
    let table = Self.texts("=name", values.map(\.0))
    var writer = ResultWriter(.csv)
    let safe = (["'=name"] + values.map(\.safe)).map { $0 + "\r\n" }.joined()
    #expect(Self.written(table, writer) == safe)
    writer.isFormulaSafe = false
    let raw = (["=name"] + values.map(\.raw)).map { $0 + "\r\n" }.joined()
    #expect(Self.written(table, writer) == raw)
  }

  @Test("tsv keeps every row on one line")
  func tsvText() {
    let table = Self.texts(
      "a\tb",
      ["tab\there", "two\nlines\r", "\u{0}\u{8}\u{C}", #"back\slash"#, "it's", "", nil, "é🎉"])
    #expect(
      Self.written(table, .tsv) == #"""
        a\tb
        tab\there
        two\nlines\r
        \0\b\f
        back\\slash
        it\'s

        \N
        é🎉

        """#)
  }

  @Test("json escapes what it must and stays UTF-8 whatever the bytes")
  func jsonText() {
    var column = ResultColumn(name: "a\"b", type: .text)
    let values: [[UInt8]] = [
      Array("q\" b\\ n\n t\t r\r e\u{1B} z\u{0} d.".utf8), Array("é日🎉שלום".utf8),
      [0x61, 0xFF, 0x62], [0xE2, 0x82], [0xED, 0xA0, 0x80], [],
    ]
    for value in values { value.withUnsafeBufferPointer { column.append(ByteSlice($0)) } }
    #expect(
      Self.written(ResultTable(columns: [column]), .ndjson) == #"""
        {"a\"b":"q\" b\\ n\n t\t r\r e\u001b z\u0000 d."}
        {"a\"b":"é日🎉שלום"}
        {"a\"b":"a�b"}
        {"a\"b":"�"}
        {"a\"b":"���"}
        {"a\"b":""}

        """#)
  }

  @Test("json keys differ even where columns' names do not")
  func jsonKeys() {
    let columns = ["n", "n", "n_2", "n"].map { name in
      var column = ResultColumn(name: name, type: .integer)
      column.append(1 as Int64)
      return column
    }
    #expect(
      Self.written(ResultTable(columns: columns), .ndjson) == #"{"n":1,"n_2":1,"n_2_2":1,"n_3":1}"#
        + "\n")
  }

  @Test("numbers that JSON cannot say are null there")
  func jsonInfinity() {
    var column = ResultColumn(name: "n", type: .number)
    for value in [Double.infinity, -.infinity, .nan, -0.0, 1e-7, 1e20] { column.append(value) }
    let table = ResultTable(columns: [column])
    #expect(
      Self.written(table, .ndjson)
        == "{\"n\":null}\n{\"n\":null}\n{\"n\":null}\n{\"n\":-0.0}\n{\"n\":1e-07}\n{\"n\":1e+20}\n")
    #expect(Self.written(table, .tsv) == "n\ninf\n-inf\nnan\n-0.0\n1e-07\n1e+20\n")
  }

  @Test("a table escapes what could move the cursor, and aligns wide text")
  func tableText() {
    var column = ResultColumn(name: "t\u{1B}x", type: .text)
    var count = ResultColumn(name: "n", type: .integer)
    let values: [[UInt8]] = [
      Array("a\tb\nc\r".utf8), Array("\u{1B}[31mred\u{7F}\u{9B}".utf8), Array("日本".utf8),
      Array("e\u{301}🎉".utf8), Array("\u{202E}שלום".utf8), [0x61, 0xFF, 0xE2, 0x82],
    ]
    for value in values {
      value.withUnsafeBufferPointer { column.append(ByteSlice($0)) }
      count.append(1 as Int64)
    }
    #expect(
      Self.written(ResultTable(columns: [column, count]), .table)
        == #"""
        t\x1bx                │ n
        ──────────────────────┼──
        a\tb\nc\r             │ 1
        \x1b[31mred\x7f\u{9b} │ 1
        日本                  │ 1
        é🎉                   │ 1
        \u{202e}שלום          │ 1
        a\xff\xe2\x82         │ 1
        6 rows

        """#)
  }

  @Test("a table is cut to the terminal: long text first, then columns at the right")
  func tableFit() {
    var campaign = ResultColumn(name: "campaign", type: .text)
    campaign.append("the very long name of a campaign in spring")
    var sent = ResultColumn(name: "sent", type: .integer)
    sent.append(123_456 as Int64)
    var rate = ResultColumn(name: "open_rate", type: .rate)
    rate.append(1 as Double)
    let table = ResultTable(columns: [campaign, sent, rate])
    #expect(
      Self.written(table, ResultWriter(.table, terminalWidth: 40))
        == """
        campaign            │   sent │ open_rate
        ────────────────────┼────────┼──────────
        the very long name… │ 123456 │  100.00 %
        1 row

        """)
    #expect(
      Self.written(table, ResultWriter(.table, terminalWidth: 24)) == """
        campaign     │   sent
        ─────────────┼───────
        the very lo… │ 123456
        1 row, 1 more column would not fit

        """)
    #expect(
      Self.written(table, ResultWriter(.table, terminalWidth: 5)) == """
        camp…
        ─────
        the …
        1 row, 2 more columns would not fit

        """)
  }

  @Test("empty results have a header in every format that has one")
  func empty() {
    let table = Self.texts("a", [])
    #expect(Self.written(table, .table) == "a\n─\n0 rows\n")
    #expect(Self.written(table, .csv) == "a\r\n")
    #expect(Self.written(table, .tsv) == "a\n")
    #expect(Self.written(table, .ndjson) == "")
    #expect(
      Self.written(table, .json) == #"{"columns":[{"name":"a","type":"text"}],"rows":[]}"# + "\n")
    for format in ResultFormat.allCases {
      _ = Self.written(ResultTable(columns: []), format)
    }
  }

  @Test("a large result arrives in chunks that add up, and a failing sink stops it")
  func chunks() {
    struct Full: Error {}
    var column = ResultColumn(name: "n", type: .integer)
    for value in 0..<100_000 { column.append(Int64(value)) }
    let table = ResultTable(columns: [column])
    var joined: [UInt8] = []
    var chunkCount = 0
    ResultWriter(.tsv).write(table) { chunk in
      joined += chunk.array
      chunkCount += 1
    }
    #expect(chunkCount > 2)
    #expect(joined == Array(("n\n" + (0..<100_000).map { "\($0)\n" }.joined()).utf8))
    chunkCount = 0
    #expect(throws: Full.self) {
      try ResultWriter(.tsv).write(table) { (_) throws(Full) in
        chunkCount += 1
        throw Full()
      }
    }
    #expect(chunkCount == 1)
  }
}
