// One client's socket: hands bytes to its conversation, does the steps that come out, and sends the replies. Reads only
// while little waits, so a client that is quicker than the engine is slowed down and not buffered.
//
// SAFETY: a received buffer is lent to the conversation for the length of a call, which copies it.

internal import Base
internal import Ingest
internal import NIOCore
internal import Query

final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Replies are handed to the socket when so many bytes have come together, or when there is nothing else to do.
  private static let writeByteCount = 65_536

  private let core: ServerCore
  private var conversation: Conversation
  private var context: ChannelHandlerContext?
  private var isListed = false
  private var isReadPending = false
  private var isInputEnded = false
  /// Whether the socket is gone, or goes when the last reply is sent.
  private var isClosed = false
  private var isWorking = false
  /// Of the query under way.
  private var cancellation: Cancellation?
  private var stream: (any HitStream)?
  private var output: [UInt8] = []

  init(_ core: ServerCore) {
    self.core = core
    conversation = Conversation(token: core.token, limits: core.limits)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    isListed = core.add(context.channel)
    guard isListed else { return refuse() }
    advance()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosed else { return }
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      conversation.receive(ByteSlice(bytes.assumingMemoryBound(to: UInt8.self)))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReadPending = false
    advance()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) { advance() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed: endInput()
    case ServerCore.Notice.stop:
      conversation.stop()
      advance()
    case ServerCore.Notice.abort:
      cancellation?.cancel()
      close()
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

  func channelInactive(context: ChannelHandlerContext) {
    isClosed = true
    cancellation?.cancel()
    if isListed { core.remove(context.channel) }
    if !isWorking { abandonStream() }
  }

  private func refuse() {
    let error = ProtocolError(.busy, "too many clients are connected")
    send(.failure(error), since: .now())
    finish()
  }

  private func endInput() {
    isInputEnded = true
    conversation.endInput()
    cancellation?.limit(toMilliseconds: core.limits.partingMillisecondsMax)
    advance()
  }
}

// MARK: - steps

extension ConnectionHandler {
  /// Does steps until one takes time, the client does not take its replies, or nothing is left.
  private func advance() {
    while !isWorking, !isClosed, context?.channel.isWritable == true {
      let start = NIODeadline.now()
      switch conversation.next() {
      case .wait:
        flush()
        return readMore(isWaiting: true)
      case .reply(let reply): send(reply, since: start)
      case .query(let text, let settings): answer(text, settings, since: start)
      case .beginIngest(let kind): begin(kind, since: start)
      case .append(let lines): append(lines)
      case .finishIngest: finishIngest(since: start)
      case .status: tellStatus(since: start)
      case .forget(let recipient): forget(recipient, since: start)
      case .close: return finish()
      }
    }
    flush()
    readMore(isWaiting: false)
  }

  private func answer(_ text: [UInt8], _ settings: QuerySettings, since start: NIODeadline) {
    let cancellation = Cancellation()
    let limits = core.limits
    cancellation.limit(toMilliseconds: limits.queryMillisecondsMax)
    if isInputEnded { cancellation.limit(toMilliseconds: limits.partingMillisecondsMax) }
    let writer = ReplyWriter(conversation.format, limits: limits)
    let backend = core.backend
    let isTaken = work(on: core.queries) {
      let reply = backend.reply(to: text, settings, cancellation)
      var bytes: [UInt8] = []
      writer.append(reply, microseconds: microseconds(since: start), to: &bytes)
      return bytes
    } whenDone: { handler, bytes in
      handler.cancellation = nil
      handler.conversation.queryEnded()
      handler.send(bytes)
    }
    if isTaken {
      self.cancellation = cancellation
    } else {
      conversation.queryEnded()
      send(.failure(ProtocolError(.busy, "too many queries wait already")), since: start)
    }
  }

  private func begin(_ kind: FileKind, since start: NIODeadline) {
    let backend = core.backend
    _ = work(on: core.hits) { () -> Result<any HitStream, IngestError> in
      Result { () throws(IngestError) in try backend.beginIngest(kind, name: "INGEST") }
    } whenDone: { handler, result in
      switch result {
      case .success(let stream):
        handler.stream = stream
        _ = handler.conversation.ingestBegan(nil)
      case .failure(let error):
        if let reply = handler.conversation.ingestBegan(error) {
          handler.send(reply, since: start)
        }
      }
    }
  }

  private func append(_ lines: [UInt8]) {
    guard let stream else { return }
    _ = work(on: core.hits) { () -> IngestError? in
      do throws(IngestError) { try stream.append(lines) } catch { return error }
      return nil
    } whenDone: { handler, error in
      handler.conversation.linesEnded(error)
    }
  }

  private func finishIngest(since start: NIODeadline) {
    guard let stream else { return }
    _ = work(on: core.hits) {
      Result { () throws(IngestError) in try stream.finish() }
    } whenDone: { handler, result in
      handler.stream = nil
      handler.send(handler.conversation.ingestEnded(result), since: start)
    }
  }

  private func tellStatus(since start: NIODeadline) {
    let backend = core.backend
    _ = work(on: core.statuses) {
      backend.status
    } whenDone: { handler, items in
      handler.conversation.statusEnded()
      handler.send(.table(StatusItem.table(items)), since: start)
    }
  }

  private func forget(_ recipient: [UInt8], since start: NIODeadline) {
    let backend = core.backend
    _ = work(on: core.hits) {
      Result { () throws(ForgetError) in try backend.forget(recipient) }
    } whenDone: { handler, result in
      handler.send(handler.conversation.forgetEnded(result), since: start)
    }
  }

  /// Keeps what a client sent that has gone before its dot.
  private func abandonStream() {
    guard let stream else { return }
    self.stream = nil
    _ = core.hits.submit { _ = try? stream.finish() }
  }

  /// Runs `body` on a worker and `whenDone` back here; false when there are too many waiting.
  private func work<Outcome: Sendable>(
    on pool: WorkerPool, _ body: @escaping @Sendable () -> Outcome,
    whenDone: @escaping @Sendable (ConnectionHandler, Outcome) -> Void
  ) -> Bool {
    guard let eventLoop = context?.eventLoop else { return false }
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    isWorking = pool.submit {
      let outcome = body()
      eventLoop.execute {
        let handler = bound.value
        handler.isWorking = false
        whenDone(handler, outcome)
        if handler.isClosed { handler.abandonStream() }
        handler.advance()
      }
    }
    return isWorking
  }
}

// MARK: - the socket

extension ConnectionHandler {
  private func send(_ reply: Reply, since start: NIODeadline) {
    let writer = ReplyWriter(conversation.format, limits: core.limits)
    writer.append(reply, microseconds: microseconds(since: start), to: &output)
    if output.count >= ConnectionHandler.writeByteCount { flush() }
  }

  private func send(_ bytes: [UInt8]) {
    output += bytes
    if output.count >= ConnectionHandler.writeByteCount { flush() }
  }

  private func flush() {
    guard let context, !output.isEmpty else { return }
    let bytes = context.channel.allocator.buffer(bytes: output)
    // Before it is written: a large write changes whether the channel is writable, which leads back here.
    output.removeAll(keepingCapacity: output.count <= 2 * ConnectionHandler.writeByteCount)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  /// Asks for more bytes when there is room for them.
  ///
  /// - Parameter isWaiting: whether the conversation cannot go on without.
  private func readMore(isWaiting: Bool) {
    let hasRoom = conversation.bufferedByteCount < core.limits.readAheadByteCountMax
    guard let context, isWaiting || hasRoom, !isReadPending, !isInputEnded, !isClosed else {
      return
    }
    isReadPending = true
    context.read()
  }

  /// Closes when everything is sent: closing fails what the socket has not taken yet.
  private func finish() {
    isClosed = true
    guard let context else { return }
    let (channel, bytes) = (context.channel, context.channel.allocator.buffer(bytes: output))
    output = []
    context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in channel.close(promise: nil) }
  }

  private func close() {
    isClosed = true
    context?.close(promise: nil)
  }
}

extension Backend {
  /// The reply to a query.
  fileprivate func reply(
    to text: [UInt8], _ settings: QuerySettings, _ cancellation: Cancellation
  ) -> Reply {
    do throws(QueryError) {
      return .table(try query(text, settings: settings, cancellation: cancellation))
    } catch {
      return .failure(ProtocolError(error))
    }
  }
}

private func microseconds(since start: NIODeadline) -> Int {
  Int((NIODeadline.now() - start).nanoseconds / 1000)
}
