// The fuzz body of the query language: random bytes, random tokens and golden queries with something changed go all the
// way from text to rows. Each must end, with a table or with an error whose place lies in the text.

import Base
import Engine
import Query
import TestSupport
import Testing

struct QueryFuzz {
  private let folder = TemporaryFolder()
  private let executor: Executor
  /// Queries that have a meaning, to start from.
  private let queries: [[UInt8]]

  init() throws {
    let engine = try EngineSetup.all[1].engine(QueryFuzz.files, in: folder)
    executor = Executor(engine.snapshot) { count, body in (0..<count).forEach(body) }
    let golden = "/" + "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let folder = golden + "/Golden/query/"
    queries = TemporaryFolder.names(in: folder).filter { $0.hasSuffix(".golden") }
      .flatMap { GoldenScript(path: folder + $0).records }
      .filter { ["query", "error"].contains($0.directive[0]) }
      .map { Array($0.text.joined(separator: "\n").utf8) }
  }

  /// One text; whether it was answered.
  @discardableResult
  func run(_ random: inout PRNG, _ note: String) -> Bool {
    let text: [UInt8]
    switch random.below(10) {
    case 0: text = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }
    case 1, 2: text = Array(tokens(&random).utf8)
    default: text = changed(&random)
    }
    return answer(text, note)
  }

  /// Whether the text is answered; its error must lie inside.
  func answer(_ text: [UInt8], _ note: String) -> Bool {
    var settings = QuerySettings()
    settings.now = 1_780_000_000_000
    settings.timeout = 5_000
    do throws(QueryError) {
      let table = try executor.answer(text, settings: settings)
      for format in ResultFormat.allCases {
        var bytes: [UInt8] = []
        ResultWriter(format).write(table, into: &bytes)
      }
      return true
    } catch {
      let isInside = error.range.lowerBound >= 0 && error.range.upperBound <= text.count
      let shown = String(decoding: text, as: UTF8.self)
      #expect(isInside, "\(note) \(error.range) of \(text.count) bytes: \(shown)")
      #expect(error.kind != .timeout, "\(note) took too long: \(shown)")
      #expect(!error.rendered(in: text).isEmpty)
      return false
    }
  }

  // MARK: Texts

  /// Words that may stand in each other's place, one class a line.
  private static let classes =
    """
    SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET SETTINGS EXPLAIN NUMBERS AS DISTINCT FILTER ASC DESC NULLS FIRST
    AND OR NOT IN LIKE ILIKE BETWEEN IS NULL CASE WHEN THEN ELSE END
    events messages recipients campaigns links
    campaign recipient kind link send domain school recipient.school name status client bounce_class code reason tracked
    time hour day week month sent_at sent_day first_open_at delivered_at last_click_at t now()
    value opens clicks year recipient.year a w n zip hour_of_day weekday revenue links_clicked conversions
    sent delivered bounced open_rate ctr ctor bounce_rate unique_opens unique_clicks openers recipients population
    count( sum( avg( min( max(
    lower( upper( trim( length( abs( round( floor( ceil( coalesce( nullif( greatest( least( left( right( substr(
    + - * / % ||
    = <> < <= > >=
    0 1 2 7 -1 1.5 1e18 1e308 9223372036854775807 -9223372036854775807 4611686018427387904 .5 NULL 'x' '7' TRUE FALSE
    'a' 'r1' '' '7' '1e400' '2026-03-02' '%' '_' 'sent' 'opened' 'Arts'
    'day' 'month' 'week' 'year' 'hour' 'quarter' 'second' 'minute'
    hour minute second day week month quarter year dow isodow doy epoch
    text integer timestamp date boolean
    '2026-03-02' '2026-03-29' '9999-12-31' '0001-01-01' '2024-02-29'
    '1 day' '1 month' '999999999 months' '-1000000000 months' '1000000000 days' '1 ms' '0 days'
    'Europe/Vienna' 'Australia/Lord_Howe' 'Asia/Kathmandu' 'America/St_Johns' 'UTC' 'Pacific/Apia'
    human machine all on off sent tracked mailchimp mailpoet zoho
    DATE TIMESTAMP INTERVAL CAST extract date_trunc date_part split_part starts_with ( ) , . ; :: "a" \u{22} ' -- é
    """.split(separator: "\n").map { $0.split(separator: " ").map { Array($0.utf8) } }

  private static let words = classes.flatMap { $0 }

  private func tokens(_ random: inout PRNG) -> String {
    var words = random.isHit(0.7) ? ["SELECT"] : []
    for _ in 0..<random.below(12) { words.append(word(&random)) }
    if random.isHit(0.7) { words += ["FROM", random.pick(["events", "messages", "recipients"])] }
    for _ in 0..<random.below(8) { words.append(word(&random)) }
    return words.joined(separator: " ")
  }

  private func word(_ random: inout PRNG) -> String {
    String(decoding: random.pick(QueryFuzz.words), as: UTF8.self)
  }

  /// Mostly a word for another of its class, now and then anything.
  private func changed(_ random: inout PRNG) -> [UInt8] {
    var text = random.pick(queries)
    for _ in 0...random.below(3) {
      if random.isHit(0.9) { replaceWord(&text, &random) } else { damage(&text, &random) }
    }
    return text
  }

  private func damage(_ text: inout [UInt8], _ random: inout PRNG) {
    guard !text.isEmpty else { return }
    let place = random.below(text.count)
    switch random.below(4) {
    case 0: text[place] = UInt8(random.below(256))
    case 1: text.removeSubrange(place..<min(text.count, place + 1 + random.below(8)))
    case 2: text = Array(text[..<place]) + random.pick(queries).suffix(random.below(60))
    default: text.insert(contentsOf: [0x20] + random.pick(QueryFuzz.words) + [0x20], at: place)
    }
  }

  private func replaceWord(_ text: inout [UInt8], _ random: inout PRNG) {
    var places: [(range: Range<Int>, words: [[UInt8]])] = []
    // The first class and the last are what a query hangs together by.
    for words in QueryFuzz.classes.dropFirst().dropLast() {
      for word in words {
        for start in 0..<max(0, text.count - word.count) where text[start] == word[0] {
          guard text[start..<start + word.count].elementsEqual(word),
            isWhole(text, start..<start + word.count)
          else { continue }
          places.append((start..<start + word.count, words))
        }
      }
    }
    guard !places.isEmpty else { return damage(&text, &random) }
    let (range, words) = random.pick(places)
    text.replaceSubrange(range, with: random.pick(words))
  }

  /// Whether no longer word lies there.
  private func isWhole(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    let isInside = { (index: Int) in
      text.indices.contains(index) && Lexer.continuesWord(text[index])
    }
    return !(isInside(range.lowerBound) && isInside(range.lowerBound - 1))
      && !(isInside(range.upperBound - 1) && isInside(range.upperBound))
  }

  // MARK: Data

  private static let files: [RenderedFile] = [
    RenderedFile(
      name: "events.csv",
      bytes: Array(
        """
        time,kind,campaign,recipient,send,value,link,user_agent,code,reason,tracked
        2026-03-02T08:00:00Z,sent,a,r1,,,,,,,
        2026-03-02T08:00:00Z,sent,b,r2,1,,,,,,no
        2026-03-02T08:00:05Z,bounced,b,r2,1,,,,4.2.2,full,
        2026-03-02T09:00:00Z,opened,a,r1,,,,something else,,,
        2026-03-29T01:00:00Z,clicked,a,r1,,,x,curl/8.5.0,,,
        2026-10-25T00:30:00Z,clicked,a,r1,,,y,something else,,,
        1969-12-31T23:59:59Z,converted,a,r3,,9223372036853.5,,,,,
        9999-12-31T23:59:59Z,converted,c,r3,,-0.000001,,,,,
        2026-03-03T09:00:00Z,unsubscribed,a,r1,,,,,,bored,

        """.utf8)),
    RenderedFile(
      name: "recipients.csv",
      bytes: Array(
        """
        recipient,school,year,n,t,w,a,b,name,zip,friend
        r1,Arts,2,1.50,2026-03-02,7,1,yes,Straße,0450,r2
        r2,Law,-7,1e400,2026-03-29 02:30,-7,0,no,50%_x,8010,
        r4,,9223372036854775807,-.5,9999-12-31,0,2,,日本,1e308,r9

        """.utf8)),
    RenderedFile(
      name: "campaigns.csv",
      bytes: Array("campaign,channel,subject\na,news,Hello\nb,promo,\n".utf8)),
    RenderedFile(
      name: "links.csv",
      bytes: Array("link,url,position,kind\nx,https://example.com,2,button\n".utf8)),
  ]
}
