// How every listener of the server accepts.

internal import NIOCore
internal import NIOPosix

extension ServerBootstrap {
  /// How long a listener waits when descriptors or memory have run out. Without a pause it would spin: the client that
  /// could not be let in is still there.
  private static let pause = TimeAmount.milliseconds(200)

  /// A listener that goes on when it could not let somebody in.
  static func patient(on loops: MultiThreadedEventLoopGroup) -> ServerBootstrap {
    ServerBootstrap(group: loops)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptBackoffHandler(shouldForwardIOErrorCaught: false) { _ in pause })
        }
      }
  }
}
