// One connection's side of the line protocol, without sockets, threads or clocks: bytes go in, steps come out. Whoever
// drives it takes the next step, does it, says how it ended, and takes the next one.

package import Base
package import Engine
package import Ingest
package import Query

package struct Conversation {
  /// What is to be done next.
  package enum Step: Sendable {
    /// Nothing, until bytes have come, or the work that was begun has ended.
    case wait
    /// To send this.
    case reply(Reply)
    /// To answer a query, send the reply, and call `queryEnded`.
    case query([UInt8], QuerySettings)
    /// To begin a stream, and call `ingestBegan`.
    case beginIngest(FileKind)
    /// To hand these lines to the stream, and call `linesEnded`.
    case append([UInt8])
    /// To end the stream, and call `ingestEnded`, which gives the reply.
    case finishIngest
    /// To send what the backend says of itself, and call `statusEnded`.
    case status
    /// To forget a recipient, and call `forgetEnded`, which gives the reply.
    case forget([UInt8])
    /// To close the connection when all replies are sent. No step follows.
    case close
  }

  private enum State: Equatable {
    case ready
    /// A query, a call of the stream or a removal is under way.
    case working
    case ingesting
    /// The lines up to the dot belong to an INGEST that was answered already.
    case skipping
    case closing
  }

  /// The format of replies.
  package private(set) var format = ReplyFormat.tsv
  package private(set) var settings = QuerySettings()
  private var state = State.ready
  private var reader = LineReader()
  private var isInputEnded = false
  private var isStopping = false
  private var isTrusted: Bool
  private let token: [UInt8]?
  private let limits: ServerLimits
  /// Of the present block: lines that were too long, whether its dot was seen, and what went wrong.
  private var tooLongCount = 0
  private var isBlockEnded = false
  private var failure: IngestError?

  /// - Parameter token: what AUTH must show; nil lets everybody do everything.
  package init(token: [UInt8]? = nil, limits: ServerLimits = ServerLimits()) {
    self.token = token
    self.limits = limits
    isTrusted = token == nil
  }

  /// Bytes that were received and not yet understood.
  package var bufferedByteCount: Int { reader.bufferedByteCount }

  /// Takes what a client has sent; any split will do.
  package mutating func receive(_ bytes: ByteSlice) { reader.receive(bytes) }

  /// The client will send nothing more.
  package mutating func endInput() { isInputEnded = true }

  /// The server takes no more requests: what is under way is answered, and then the connection is closed.
  package mutating func stop() { isStopping = true }

  /// What is to be done now.
  package mutating func next() -> Step {
    switch state {
    case .working, .closing: return .wait
    case .ready: return nextRequest()
    case .ingesting: return nextBlock()
    case .skipping: return skipBlock()
    }
  }

  /// The reply to a query is on its way.
  package mutating func queryEnded() { state = .ready }

  /// The reply to STATUS is on its way.
  package mutating func statusEnded() { state = .ready }

  /// The recipient is forgotten, or is not to be.
  package mutating func forgetEnded(_ result: Result<RemovalCounts, ForgetError>) -> Reply {
    state = .ready
    switch result {
    case .success(let counts): return .counts(counts)
    case .failure(let error): return .failure(ProtocolError(error))
    }
  }

  /// The stream is there, or is not to be had.
  package mutating func ingestBegan(_ error: IngestError?) -> Reply? {
    state = .ingesting
    guard let error else { return nil }
    state = .skipping
    return .failure(ProtocolError(error))
  }

  /// The stream has taken the lines, or has failed.
  package mutating func linesEnded(_ error: IngestError?) {
    state = .ingesting
    failure = failure ?? error
  }

  /// The stream has ended.
  package mutating func ingestEnded(_ result: Result<IngestCounts, IngestError>) -> Reply {
    let wasEnded = isBlockEnded
    state = wasEnded ? .ready : .skipping
    isBlockEnded = false
    switch result {
    case .failure(let error): return .failure(ProtocolError(failure ?? error))
    case .success(var counts):
      counts.rejected += tooLongCount
      if let failure { return .failure(ProtocolError(failure)) }
      guard wasEnded else {
        return .failure(
          ProtocolError(
            .ingest, "no '.' came; \(counts.accepted) accepted before that are kept"))
      }
      return .counts(counts)
    }
  }
}

// MARK: - requests

extension Conversation {
  private mutating func nextRequest() -> Step {
    guard !isStopping else { return close() }
    while true {
      switch reader.next(limit: limits.requestByteCountMax, isLast: isInputEnded) {
      case .none: return isInputEnded ? close() : .wait
      case .tooLong:
        let most = limits.requestByteCountMax
        return .reply(.failure(ProtocolError(.line, "a line of more than \(most) bytes")))
      case .whole(let line):
        guard !line.withUnsafeBufferPointer({ HTTPLine.begins(ByteSlice($0)) }) else {
          return refuseHTTP()
        }
        do throws(ProtocolError) {
          let request = try Request(line)
          if request == .blank { continue }
          return try step(request)
        } catch {
          return .reply(.failure(error))
        }
      }
    }
  }

  /// Answers, and closes before anything behind the line is looked at.
  private mutating func refuseHTTP() -> Step {
    isStopping = true
    let message = "HTTP is not spoken here (see docs/PROTOCOL.md); the connection is closed"
    return .reply(.failure(ProtocolError(.verb, message)))
  }

  private mutating func step(_ request: Request) throws(ProtocolError) -> Step {
    if !isTrusted, !request.isOpenToAll {
      if case .ingest = request { state = .skipping }
      throw ProtocolError(.auth, "show the token first: AUTH token")
    }
    switch request {
    case .blank, .ping: return .reply(.done)
    case .help: return .reply(.help)
    case .quit:
      isStopping = true
      return .reply(.done)
    case .status:
      state = .working
      return .status
    case .query(let text):
      state = .working
      return .query(text, settings)
    case .set(let argument): try set(argument)
    case .format(let argument): try setFormat(argument)
    case .auth(let argument): try authenticate(argument)
    case .ingest(let argument): return try beginIngest(argument)
    case .forget(let argument):
      guard !argument.bytes.isEmpty else {
        throw ProtocolError(.forget, at: argument.position, "FORGET takes a recipient")
      }
      state = .working
      return .forget(argument.bytes)
    }
    return .reply(.done)
  }

  private mutating func close() -> Step {
    state = .closing
    return .close
  }

  private mutating func set(_ argument: Request.Argument) throws(ProtocolError) {
    var changed = settings
    do throws(QueryError) {
      for setting in try Parser.settings(argument.bytes) { try changed.apply(setting) }
    } catch {
      throw ProtocolError(error, offset: argument.position, code: .setting)
    }
    settings = changed
  }

  private mutating func setFormat(_ argument: Request.Argument) throws(ProtocolError) {
    guard let format = ReplyFormat(rawValue: argument.text.lowercased()) else {
      throw ProtocolError(
        .format, at: argument.position, "FORMAT is one of \(ReplyFormat.list)")
    }
    self.format = format
  }

  private mutating func authenticate(_ argument: Request.Argument) throws(ProtocolError) {
    guard let token else { return }
    guard Token.isEqual(argument.bytes, to: token) else {
      throw ProtocolError(.auth, at: argument.position, "this is not the token")
    }
    isTrusted = true
  }

  private mutating func beginIngest(_ argument: Request.Argument) throws(ProtocolError) -> Step {
    guard let kind = FormatName.kind(argument.text.lowercased()) else {
      state = .skipping
      throw ProtocolError(
        .ingest, at: argument.position,
        "INGEST takes one of \(FormatName.list); the lines up to '.' are skipped")
    }
    state = .working
    tooLongCount = 0
    failure = nil
    return .beginIngest(kind)
  }
}

// MARK: - hits

extension Conversation {
  private mutating func nextBlock() -> Step {
    if failure == nil, !isBlockEnded {
      let block = reader.block(limit: limits.hitByteCountMax)
      tooLongCount += block.tooLongCount
      isBlockEnded = block.isEnded
      if !block.lines.isEmpty {
        state = .working
        return .append(block.lines)
      }
    }
    guard isBlockEnded || failure != nil || isInputEnded || isStopping else { return .wait }
    state = .working
    return .finishIngest
  }

  private mutating func skipBlock() -> Step {
    if reader.block(limit: limits.hitByteCountMax).isEnded {
      state = .ready
      return nextRequest()
    }
    return isInputEnded || isStopping ? close() : .wait
  }
}
