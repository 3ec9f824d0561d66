// How every listener of the server accepts, and what it does when descriptors or memory have run out: it looks away for
// a moment. The client that could not be let in is still there, so without a pause the event loop would spin.

internal import NIOCore
internal import NIOPosix

/// Pauses a listener after an error. NIO's own handler for this delays the next read, but a failed accept leaves the
/// present one pending, and the system goes on saying that somebody waits.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private static let time = TimeAmount.milliseconds(200)

  private var isPaused = false

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is IOError else { return context.fireErrorCaught(error) }
    guard !isPaused else { return }
    isPaused = true
    setReading(false, context)
    context.eventLoop.assumeIsolated().scheduleTask(in: AcceptPause.time) {
      self.isPaused = false
      self.setReading(true, context)
    }
  }

  private func setReading(_ isReading: Bool, _ context: ChannelHandlerContext) {
    // A listener that was closed meanwhile takes no options.
    try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
  }
}

extension ServerBootstrap {
  /// A listener that goes on when it could not let somebody in.
  static func patient(on loops: MultiThreadedEventLoopGroup) -> ServerBootstrap {
    ServerBootstrap(group: loops)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptPause())
        }
      }
  }
}
