// Listens for lines that come by themselves: syslog over UDP and TCP, plain lines over TCP. All sockets are on one
// event loop of their own; the engine works on threads beside it.

internal import Glibc
internal import NIOCore
internal import NIOPosix

package final class SourceServer: Sendable {
  private let backend: any Backend
  private let limits: ServerLimits
  private let listeners: [SourceListener]
  private let channels: [any Channel]
  private let core: NIOLoopBound<SourceCore>
  private let loops: MultiThreadedEventLoopGroup
  private let pool: WorkerPool

  /// Listens from now on.
  ///
  /// - Parameter allowsOthers: whether addresses may be ones that other machines reach. Syslog knows no token.
  /// - Throws: ServerError when an address is not to be had, or is open to others and may not be.
  package init(
    _ backend: any Backend, _ sources: [SourceConfiguration], allowsOthers: Bool = false,
    limits: ServerLimits = ServerLimits()
  ) throws(ServerError) {
    if !allowsOthers, let open = sources.first(where: { !$0.address.isLoopback }) {
      throw .openSource(open.address)
    }
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let pool = WorkerPool(threadCount: limits.ingestWorkerCount, waitingCountMax: .max)
    let listeners = sources.map { SourceListener($0) }
    var channels: [any Channel] = []
    var address = ListenAddress.standard
    do {
      core = try SourceServer.makeCore(backend, pool, listeners, limits, loops.next())
      for listener in listeners {
        address = listener.configuration.address
        let channel = try SourceServer.bind(listener, core, loops)
        channels.append(channel)
        listener.listens(on: channel)
      }
    } catch {
      try? loops.syncShutdownGracefully()
      pool.stop()
      throw .refused(address, because: error)
    }
    self.backend = backend
    self.limits = limits
    self.listeners = listeners
    self.channels = channels
    self.loops = loops
    self.pool = pool
  }

  /// What the sources have received so far, in the order in which they were given.
  package var status: [SourceStatus] { listeners.map(\.ledger.status) }

  /// Stops: nothing is read any more, and what was read is delivered and made durable, or given up after the limit.
  ///
  /// - Returns: why not everything could be kept, or nil.
  @discardableResult
  package func stop() -> IngestError? {
    for (listener, channel) in zip(listeners, channels)
    where listener.configuration.transport != .syslogUDP { try? channel.close().wait() }
    run { $0.stop() }
    if !waitUntilIdle(limits.stopMillisecondsMax) {
      run { $0.abandon() }
      _ = waitUntilIdle(limits.stopMillisecondsMax)
    }
    for channel in channels { try? channel.close().wait() }
    pool.stop()
    try? loops.syncShutdownGracefully()
    do throws(IngestError) { try backend.synchronize() } catch { return error }
    return nil
  }

  private func run(_ body: @escaping @Sendable (SourceCore) -> Void) {
    try? core.eventLoop.submit { [core] in body(core.value) }.wait()
  }

  private func waitUntilIdle(_ milliseconds: Int64) -> Bool {
    let deadline = NIODeadline.now() + .milliseconds(milliseconds)
    while true {
      let isIdle = try? core.eventLoop.submit { [core] in core.value.isIdle }.wait()
      if isIdle != false { return true }
      if NIODeadline.now() > deadline { return false }
      usleep(2000)
    }
  }
}

// MARK: - listening

extension SourceServer {
  private static func makeCore(
    _ backend: any Backend, _ pool: WorkerPool, _ listeners: [SourceListener],
    _ limits: ServerLimits, _ loop: any EventLoop
  ) throws -> NIOLoopBound<SourceCore> {
    try loop.submit {
      let core = SourceCore(
        backend, pool, listeners.map(\.ledger), limits: limits, eventLoop: loop)
      return NIOLoopBound(core, eventLoop: loop)
    }.wait()
  }

  private static func bind(
    _ listener: SourceListener, _ core: NIOLoopBound<SourceCore>,
    _ loops: MultiThreadedEventLoopGroup
  ) throws -> any Channel {
    let address = listener.configuration.address
    switch listener.configuration.transport {
    case .syslogUDP:
      return try datagrams(listener, core, loops).bind(host: address.host, port: address.port)
        .wait()
    case .syslogTCP, .linesTCP:
      return try connections(listener, core, loops).bind(host: address.host, port: address.port)
        .wait()
    }
  }

  private static func connections(
    _ listener: SourceListener, _ core: NIOLoopBound<SourceCore>,
    _ loops: MultiThreadedEventLoopGroup
  ) -> ServerBootstrap {
    ServerBootstrap.patient(on: loops)
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      // A sender that was switched off would stay connected for ever.
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            SourceConnectionHandler(core.value, listener))
        }
      }
  }

  private static func datagrams(
    _ listener: SourceListener, _ core: NIOLoopBound<SourceCore>,
    _ loops: MultiThreadedEventLoopGroup
  ) -> DatagramBootstrap {
    DatagramBootstrap(group: loops)
      // As much as the system lets a socket keep for us while the event loop is busy.
      .channelOption(.socketOption(.so_rcvbuf), value: 8 << 20)
      .channelOption(.maxMessagesPerRead, value: 64)
      .channelOption(
        .recvAllocator,
        value: FixedSizeRecvByteBufferAllocator(capacity: DatagramHandler.byteCountMax)
      )
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(DatagramHandler(core.value, listener))
        }
      }
  }
}
