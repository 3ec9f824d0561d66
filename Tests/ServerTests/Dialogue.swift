// Drives a conversation as a server does, without sockets and threads: what a client sends becomes what it gets back.
// Times are written as 0.

import Base
import Query
import Server

struct Dialogue {
  private(set) var conversation: Conversation
  /// What was sent back so far.
  private(set) var output: [UInt8] = []
  private(set) var isClosed = false
  let backend: EchoBackend
  private let limits: ServerLimits
  private var stream: (any HitStream)?

  init(
    token: String? = nil, limits: ServerLimits = ServerLimits(),
    backend: EchoBackend = EchoBackend()
  ) {
    self.limits = limits
    self.backend = backend
    conversation = Conversation(token: token.map { Array($0.utf8) }, limits: limits)
  }

  var text: String { String(decoding: output, as: UTF8.self) }

  /// The first words of the replies' status lines.
  var statuses: [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("OK ") || $0.hasPrefix("ERR ") }
      .map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
  }

  mutating func send(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { conversation.receive(ByteSlice($0)) }
    advance()
  }

  mutating func send(_ text: String) { send(Array(text.utf8)) }

  mutating func endInput() {
    conversation.endInput()
    advance()
  }

  mutating func stop() {
    conversation.stop()
    advance()
  }

  private mutating func advance() {
    while !isClosed {
      switch conversation.next() {
      case .wait: return
      case .close: isClosed = true
      case .reply(let reply): write(reply)
      case .query(let text, let settings):
        write(answer(text, settings))
        conversation.queryEnded()
      case .status:
        write(.table(StatusItem.table(backend.status)))
        conversation.statusEnded()
      case .beginIngest(let kind):
        do throws(IngestError) {
          stream = try backend.beginIngest(kind, name: "test")
          _ = conversation.ingestBegan(nil)
        } catch {
          if let reply = conversation.ingestBegan(error) { write(reply) }
        }
      case .append(let lines):
        do throws(IngestError) {
          try stream?.append(lines)
          conversation.linesEnded(nil)
        } catch {
          conversation.linesEnded(error)
        }
      case .forget(let recipient):
        let result = Result { () throws(ForgetError) in try backend.forget(recipient) }
        write(conversation.forgetEnded(result))
      case .finishIngest:
        guard let stream else { return }
        let result = Result { () throws(IngestError) in try stream.finish() }
        write(conversation.ingestEnded(result))
      }
    }
  }

  private func answer(_ text: [UInt8], _ settings: QuerySettings) -> Reply {
    do throws(QueryError) {
      return .table(
        try backend.query(text, settings: settings, cancellation: Cancellation()))
    } catch {
      return .failure(ProtocolError(error))
    }
  }

  private mutating func write(_ reply: Reply) {
    ReplyWriter(conversation.format, limits: limits).append(reply, microseconds: 0, to: &output)
  }
}
