// The server: listens, and makes a connection of every client that comes. Queries run on its workers, sockets on one
// event loop.

internal import Glibc
internal import NIOCore
internal import NIOPosix

package final class Server: Sendable {
  /// Where it listens; the port is the one chosen when 0 was asked for.
  package let address: ListenAddress
  private let core: ServerCore
  private let listener: any Channel
  private let loops: MultiThreadedEventLoopGroup

  /// Listens from now on.
  ///
  /// - Throws: ServerError when the address is not to be had, or is open to others and there is no token.
  package init(
    _ backend: any Backend, at address: ListenAddress = .standard, token: [UInt8]? = nil,
    limits: ServerLimits = ServerLimits()
  ) throws(ServerError) {
    guard address.isLoopback || token != nil else { throw .open(address) }
    let core = ServerCore(backend, token: token, limits: limits)
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      listener = try Server.bootstrap(core, loops).bind(host: address.host, port: address.port)
        .wait()
    } catch {
      try? loops.syncShutdownGracefully()
      core.stopWorkers()
      throw .refused(address, because: error)
    }
    self.core = core
    self.loops = loops
    self.address = ListenAddress(
      host: address.host, port: listener.localAddress?.port ?? address.port)
  }

  /// How many clients are connected.
  package var connectionCount: Int { core.connectionCount }

  /// Stops: nobody is let in any more, what is under way is answered, and everything is closed. What takes longer than
  /// the limit is cancelled.
  package func stop() {
    try? listener.close().wait()
    core.tell(.stop)
    if !waitUntilIdle(core.limits.stopMillisecondsMax) {
      core.tell(.abort)
      _ = waitUntilIdle(Server.abortMillisecondsMax)
    }
    core.stopWorkers()
    try? loops.syncShutdownGracefully()
  }

  /// How long cancelled work may take to notice.
  private static let abortMillisecondsMax: Int64 = 5000

  private func waitUntilIdle(_ milliseconds: Int64) -> Bool {
    let deadline = NIODeadline.now() + .milliseconds(milliseconds)
    while !core.isIdle {
      if NIODeadline.now() > deadline { return false }
      usleep(2000)
    }
    return true
  }

  private static func bootstrap(
    _ core: ServerCore, _ loops: MultiThreadedEventLoopGroup
  ) -> ServerBootstrap {
    ServerBootstrap.patient(on: loops)
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 262_144)
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ConnectionHandler(core))
        }
      }
  }
}
