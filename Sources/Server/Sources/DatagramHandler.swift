// Syslog over UDP: a message is a datagram, and nobody waits. What does not fit is dropped and counted.
//
// SAFETY: a datagram is lent for the length of a call; its line is copied.

internal import Base
internal import Ingest
internal import NIOCore

final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  /// A datagram has at most 65,507 bytes, so none is ever cut off.
  static let byteCountMax = 65_536

  private let core: SourceCore
  private let source: SourceListener
  private let feed: LineFeed
  private var systemDrops = SystemDrops()
  /// Of what was read last, not yet in the ledger.
  private var messageCount = 0
  private var byteCount = 0
  private var drops = SourceDrops()

  init(_ core: SourceCore, _ source: SourceListener) {
    self.core = core
    self.source = source
    feed = LineFeed(core, source, byteCountMax: core.limits.datagramQueueByteCountMax)
  }

  func channelActive(context: ChannelHandlerContext) {
    core.add(feed)
    let channel = context.channel
    core.eachSecond { [weak self] in self?.countSystemDrops(of: channel) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).data.withUnsafeReadableBytes { bytes in
      messageCount += 1
      byteCount += bytes.count
      receive(ByteSlice(bytes.assumingMemoryBound(to: UInt8.self)))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    count()
    feed.flushSoon()
  }

  /// A socket without a connection goes on after an error: an address somewhere could not be reached.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}

  func channelInactive(context: ChannelHandlerContext) { feed.end() }

  private func receive(_ message: ByteSlice) {
    guard let line = SyslogMessage.line(of: message) else { return drops[.malformed] += 1 }
    if feed.fits(line) {
      feed.append(line)
    } else {
      drops[feed.isRefused ? .refused : .overflow] += 1
    }
  }

  private func count() {
    source.ledger.update { status in
      status.messageCount += messageCount
      status.byteCount += byteCount
      status.drops.add(drops)
      if messageCount > 0 { status.lastMessageTime = CivilTime.now() }
    }
    messageCount = 0
    byteCount = 0
    drops = SourceDrops()
  }

  private func countSystemDrops(of channel: any Channel) {
    let bound = NIOLoopBound(self, eventLoop: core.eventLoop)
    SystemDrops.read(of: channel).whenSuccess { count in
      let handler = bound.value
      handler.source.ledger.drop(handler.systemDrops.update(count), .system)
    }
  }
}

/// How many datagrams the system has dropped because a socket's queue was full.
private struct SystemDrops {
  /// Linux: SO_MEMINFO gives nine numbers, of which the last are the drops.
  private typealias MemoryInformation = (
    UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32
  )
  private static let memoryInformation = NIOBSDSocket.Option(rawValue: 55)

  private var last: UInt32 = 0

  /// How many there were since the last time; the system's counter may pass its end.
  mutating func update(_ count: UInt32) -> Int {
    defer { last = count }
    return Int(count &- last)
  }

  static func read(of channel: any Channel) -> EventLoopFuture<UInt32> {
    guard let provider = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeSucceededFuture(0)
    }
    let information: EventLoopFuture<MemoryInformation> = provider.unsafeGetSocketOption(
      level: .socket, name: memoryInformation)
    return information.map { $0.8 }
  }
}
