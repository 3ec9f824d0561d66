// Looking at every event: decoding columns of real data, counting, and filters that zone maps can and cannot answer.

internal import Base
internal import Columnar
internal import Engine

extension Suite {
  static let scan = Suite(name: "scan") { fixture in
    let plain = try fixture.plainAnswers()
    let segments = try fixture.engine(threadCount: 1).snapshot.shards.flatMap(\.segments)
    let times = segments.flatMap { $0[.time].decoded() }
    let work = Work(plain.eventCount, "events", byteCount: plain.eventCount * 8)
    var benchmarks = [
      Benchmark("scan/sum/times", work: work) { recorder in
        let sum = recorder.time { times.withUnsafeBufferPointer { ColumnScan.sum($0) } }
        try BenchFailure.unless(sum, is: plain.timeSum, "sum of times")
      },
      Benchmark("scan/decode/times", work: work, floor: "scan/sum/times") { recorder in
        let sum = recorder.time { ColumnScan.sum(segments, .time) }
        try BenchFailure.unless(sum, is: plain.timeSum, "sum of times")
      },
    ]
    for count in fixture.options.threadCounts {
      let engine = try fixture.engine(threadCount: count)
      benchmarks += ScanSuite.questions(plain).map { question in
        Benchmark("scan/\(question.name)/\(count)", work: Work(plain.eventCount, "events")) {
          recorder in
          try question.check(try recorder.time { try engine.query(question.text) })
        }
      }
    }
    return benchmarks
  }
}

private enum ScanSuite {
  static func questions(_ plain: PlainAnswers) -> [Question] {
    let hours = plain.eventsByHour.keys.sorted()
    let middle = hours.isEmpty ? 0 : hours[hours.count / 2]
    let earlier = plain.eventsByHour.reduce(0) { $0 + ($1.key < middle ? $1.value : 0) }
    let link = plain.links.max { ($0.value.events, $1.key) < ($1.value.events, $0.key) }
    let name = plain.names.link(link?.key ?? 0)
    return [
      Question(
        name: "count", text: "SELECT count(*) FROM events SETTINGS audience = all",
        answer: ["\(plain.eventCount)"]),
      Question(
        name: "filter-kind",
        text: "SELECT count(*) FROM events WHERE kind = 'bounced' SETTINGS audience = all",
        answer: ["\(plain.eventsByKind[Int(EventKind.bounced.rawValue)])"]),
      Question(
        name: "filter-link",
        text: "SELECT count(*) FROM events WHERE kind = 'clicked' AND link = '\(name)'",
        answer: ["\(link?.value.events ?? 0)"]),
      Question(
        name: "filter-time",
        text: """
          SELECT count(*) FROM events WHERE time < TIMESTAMP '\(CivilTime.format(middle))' \
          SETTINGS audience = all
          """,
        answer: ["\(earlier)"]),
    ]
  }
}
