// One sender's connection: cuts what comes into lines and feeds them to the engine. Reads only while there is room, so
// that a sender that is quicker than the engine waits.
//
// SAFETY: a received buffer is lent to the framing for the length of a call; lines are copied from it.

internal import Base
internal import Ingest
internal import NIOCore

final class SourceConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let core: SourceCore
  private let source: SourceListener
  private let feed: LineFeed
  private var framing: SyslogFraming
  private var context: ChannelHandlerContext?
  private var isAdmitted = false
  private var isReadPending = false
  private var isInputEnded = false
  /// What the first message tells of the sender.
  private var isHTTP: Bool?
  /// Of what was read last, not yet in the ledger.
  private var messageCount = 0
  private var malformedCount = 0
  private var byteCount = 0
  private var tooLongCount = 0

  init(_ core: SourceCore, _ source: SourceListener) {
    self.core = core
    self.source = source
    feed = LineFeed(core, source, byteCountMax: core.limits.sourceByteCountMax)
    framing =
      source.configuration.transport.isSyslog
      ? SyslogFraming(.syslog)
      : SyslogFraming(.lines, byteCountMax: core.limits.hitByteCountMax)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    isAdmitted = core.admit(feed)
    guard isAdmitted else {
      source.ledger.update { $0.refusedConnectionCount += 1 }
      return context.close(promise: nil)
    }
    source.ledger.update {
      $0.connectionCount += 1
      $0.acceptedConnectionCount += 1
    }
    feed.onChange = { [weak self] in self?.advance() }
    advance()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard isAdmitted, !isInputEnded else { return }
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      byteCount += bytes.count
      receive(ByteSlice(bytes.assumingMemoryBound(to: UInt8.self)))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReadPending = false
    count()
    if isHTTP == true { refuse() }
    feed.flushSoon()
    advance()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else {
      return context.fireUserInboundEventTriggered(event)
    }
    endInput()
    advance()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelInactive(context: ChannelHandlerContext) {
    guard isAdmitted else { return }
    isAdmitted = false
    source.ledger.update { $0.connectionCount -= 1 }
    endInput()
  }

  private func receive(_ bytes: ByteSlice) {
    let isSyslog = source.configuration.transport.isSyslog
    framing.receive(bytes) { message in
      if isHTTP == nil { isHTTP = HTTPLine.begins(message) }
      if isHTTP == true { return }
      messageCount += 1
      guard let line = isSyslog ? SyslogMessage.line(of: message) : message else {
        malformedCount += 1
        return
      }
      feed.append(line)
    }
  }

  private func count() {
    let tooLong = framing.tooLongCount - tooLongCount
    tooLongCount = framing.tooLongCount
    source.ledger.update { status in
      status.messageCount += messageCount + tooLong
      status.byteCount += byteCount
      status.drops[.malformed] += malformedCount
      status.drops[.tooLong] += tooLong
      if byteCount > 0 { status.lastMessageTime = CivilTime.now() }
    }
    messageCount = 0
    malformedCount = 0
    byteCount = 0
  }

  /// Ends a connection that a browser may have made; nothing of it was taken.
  private func refuse() {
    guard !isInputEnded else { return }
    isInputEnded = true
    source.ledger.update { $0.refusedConnectionCount += 1 }
    feed.end()
  }

  private func endInput() {
    guard !isInputEnded else { return }
    isInputEnded = true
    count()
    if framing.finish() {
      source.ledger.update { $0.messageCount += 1 }
      source.ledger.drop(1, .cut)
    }
    feed.end()
  }

  /// Reads on when there is room, and closes when the feed is over.
  private func advance() {
    guard let context else { return }
    if feed.isOver { return context.close(promise: nil) }
    guard feed.hasRoom, !isReadPending, !isInputEnded else { return }
    isReadPending = true
    context.read()
  }
}
