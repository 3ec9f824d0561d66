// One line of a client, understood as far as its verb.

internal import Base
internal import Query

enum Request: Equatable {
  /// What follows a verb, and where in the line it begins.
  struct Argument: Equatable {
    var bytes: [UInt8]
    var position: Int

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  case blank
  /// The whole line, so that errors have their places in it.
  case query([UInt8])
  case ping
  case set(Argument)
  case format(Argument)
  case ingest(Argument)
  case forget(Argument)
  case auth(Argument)
  case status
  case help
  case quit

  /// Whether it may be made before AUTH.
  var isOpenToAll: Bool {
    switch self {
    case .blank, .ping, .help, .quit, .auth: true
    case .query, .set, .format, .ingest, .forget, .status: false
    }
  }

  /// - Parameter line: without its end.
  init(_ line: [UInt8]) throws(ProtocolError) {
    try Request.checkBytes(line)
    guard let first = line.firstIndex(where: { !Request.isBlank($0) }) else {
      self = .blank
      return
    }
    let verbEnd = line[first...].firstIndex { !ASCII.isLetter($0) } ?? line.count
    let word = Array(line[first..<verbEnd])
    let verb = String(decoding: word.map(ASCII.lowercase), as: UTF8.self)
    if verb == "select" || verb == "explain" {
      self = .query(line)
      return
    }
    let wordEnd = line[verbEnd...].firstIndex(where: Request.isBlank) ?? line.count
    guard wordEnd == verbEnd else {
      throw Request.unknown(Array(line[first..<wordEnd]), at: first)
    }
    let rest = line[verbEnd...].drop(while: Request.isBlank)
    let trimmed = rest.prefix(
      through: rest.lastIndex { !Request.isBlank($0) } ?? rest.startIndex - 1)
    let argument = Argument(bytes: Array(trimmed), position: rest.startIndex)
    guard let request = try Request.request(verb, argument) else {
      throw Request.unknown(word, at: first)
    }
    self = request
  }

  /// Nil when there is no such verb.
  private static func request(
    _ verb: String, _ argument: Argument
  ) throws(ProtocolError) -> Request? {
    switch verb {
    case "set": return .set(argument)
    case "format": return .format(argument)
    case "ingest": return .ingest(argument)
    case "forget": return .forget(argument)
    case "auth": return .auth(argument)
    case "ping", "status", "help", "quit":
      guard argument.bytes.isEmpty else {
        throw ProtocolError(
          .verb, at: argument.position, "nothing may follow \(verb.uppercased())")
      }
      return ["ping": .ping, "status": .status, "help": .help][verb] ?? .quit
    default: return nil
    }
  }

  private static let verbs = [
    "select", "explain", "ping", "set", "format", "ingest", "forget", "auth", "status", "help",
    "quit",
  ]

  private static func unknown(_ word: [UInt8], at position: Int) -> ProtocolError {
    let text = String(decoding: word, as: UTF8.self)
    let nearest = Spelling.suggestion(for: text.lowercased(), in: verbs)
    let advice = nearest.map { "did you mean \($0.uppercased())?" } ?? "HELP lists them"
    return ProtocolError(.verb, at: position, "unknown request \(Spelling.quote(text)): \(advice)")
  }

  private static func checkBytes(_ line: [UInt8]) throws(ProtocolError) {
    if let position = line.firstIndex(of: 0) {
      throw ProtocolError(.line, at: position, "a NUL in the line")
    }
    let invalid = line.withUnsafeBufferPointer { UTF8Scan.firstInvalidRange(in: ByteSlice($0)) }
    if let invalid {
      throw ProtocolError(.line, at: invalid.lowerBound, "the line is no valid UTF-8")
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn
  }
}
