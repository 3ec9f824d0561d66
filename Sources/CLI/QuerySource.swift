// Where queries are answered: here, about a data directory, or by a server.

internal import Base
internal import Engine
internal import Prompt
internal import Query
internal import Server

/// An answer, and how long it took.
struct TimedAnswer {
  let table: ResultTable
  let microseconds: Int

  /// How long the answer took, for people: "12.345 ms".
  var time: String {
    let digits = String(1000 + microseconds % 1000).dropFirst()
    return "\(microseconds / 1000).\(digits) ms"
  }
}

enum SourceFailure: Error {
  /// Something is wrong with the query.
  case query(QueryError)
  /// There is no answer; the next query may have one.
  case refused(String)
  /// Nobody is there to answer any more.
  case lost(String)
}

protocol QuerySource {
  /// The names that GROUP BY and WHERE know.
  var dimensions: [String] { get }

  func answer(_ text: [UInt8]) throws(SourceFailure) -> TimedAnswer

  /// How it is.
  func status() throws(SourceFailure) -> TimedAnswer

  /// Sets what holds for the queries after this: `name = value, ...`.
  mutating func set(_ settings: [UInt8]) throws(SourceFailure)
}

struct LocalSource: QuerySource {
  let engine: Engine
  private var settings = QuerySettings()

  init(_ engine: Engine) { self.engine = engine }

  var dimensions: [String] { DimensionCatalog(engine.snapshot).names }

  func answer(_ text: [UInt8]) throws(SourceFailure) -> TimedAnswer {
    let start = ContinuousClock.now
    do throws(QueryError) {
      let table = try engine.query(text, settings: settings)
      let duration = ContinuousClock.now - start
      return TimedAnswer(table: table, microseconds: Int(duration.seconds * 1e6))
    } catch {
      throw .query(error)
    }
  }

  func status() throws(SourceFailure) -> TimedAnswer {
    let items = StatusItem.items(of: engine.status, engine.durability)
    return TimedAnswer(table: StatusItem.table(items), microseconds: 0)
  }

  mutating func set(_ text: [UInt8]) throws(SourceFailure) {
    var changed = settings
    do throws(QueryError) {
      for setting in try Parser.settings(text) { try changed.apply(setting) }
    } catch {
      throw .query(error)
    }
    settings = changed
  }
}

struct RemoteSource: QuerySource {
  let client: Client

  var dimensions: [String] { Vocabulary.usualDimensions }

  func answer(_ text: [UInt8]) throws(SourceFailure) -> TimedAnswer {
    do throws(ClientError) {
      let answer = try client.query(text)
      return TimedAnswer(table: answer.table, microseconds: answer.microseconds)
    } catch {
      throw RemoteSource.failure(error, in: text, offset: 0)
    }
  }

  func status() throws(SourceFailure) -> TimedAnswer {
    do throws(ClientError) {
      let answer = try client.request(Array("STATUS".utf8))
      return TimedAnswer(table: answer.table, microseconds: answer.microseconds)
    } catch {
      throw RemoteSource.failure(error, in: [], offset: 0)
    }
  }

  func set(_ settings: [UInt8]) throws(SourceFailure) {
    let verb = Array("SET ".utf8)
    do throws(ClientError) {
      _ = try client.request(verb + settings)
    } catch {
      throw RemoteSource.failure(error, in: settings, offset: verb.count)
    }
  }

  private static func failure(
    _ error: ClientError, in text: [UInt8], offset: Int
  ) -> SourceFailure {
    switch error {
    case .lost(let reason), .unreadable(let reason): return .lost(reason)
    case .refused(let error):
      switch error.code {
      case .query, .setting, .limit, .timeout, .cancelled:
        return .query(
          QueryError(error.message, at: word(in: text, at: max(0, error.position - offset))))
      default: return .refused(error.message)
      }
    }
  }

  /// The word, text or symbol that begins at a place; the protocol says where it begins and not where it ends.
  private static func word(in text: [UInt8], at position: Int) -> Range<Int> {
    let tokens = (try? Lexer.tokens(of: text)) ?? []
    return tokens.first { $0.place.range.lowerBound == position }?.place.range
      ?? position..<position
  }
}
