// What all connections of a server share: the backend, the workers, and the list of who is connected.

internal import Base
internal import NIOCore
internal import Query
internal import Synchronization

final class ServerCore: Sendable {
  /// What connections are told when the server stops.
  enum Notice: Sendable {
    /// Answer what is under way, then close.
    case stop
    /// Cancel what is under way, and close.
    case abort
  }

  let backend: any Backend
  let token: [UInt8]?
  let limits: ServerLimits
  let queries: WorkerPool
  let hits: WorkerPool
  /// Tell how things are also while hits wait for something.
  let statuses: WorkerPool
  private let channels = Mutex(Connections())

  private struct Connections {
    var all: [ObjectIdentifier: any Channel] = [:]
    var notice: Notice?
  }

  init(_ backend: any Backend, token: [UInt8]?, limits: ServerLimits) {
    self.backend = backend
    self.token = token
    self.limits = limits
    queries = WorkerPool(
      threadCount: limits.workerCount, waitingCountMax: limits.waitingCountMax)
    // Each connection has one piece of work at a time.
    hits = WorkerPool(threadCount: limits.ingestWorkerCount, waitingCountMax: .max)
    statuses = WorkerPool(threadCount: 1, waitingCountMax: .max)
  }

  /// Whether nobody is connected and nothing is under way.
  var isIdle: Bool { channels.withLock { $0.all.isEmpty } && pools.allSatisfy(\.isIdle) }

  private var pools: [WorkerPool] { [queries, hits, statuses] }

  /// Ends the workers, of which none works.
  func stopWorkers() {
    for pool in pools { pool.stop() }
  }

  var connectionCount: Int { channels.withLock { $0.all.count } }

  /// Adds a connection to the list; false when the list is full or the server stops.
  func add(_ channel: any Channel) -> Bool {
    channels.withLock { connections in
      guard connections.notice == nil, connections.all.count < limits.connectionCountMax else {
        return false
      }
      connections.all[ObjectIdentifier(channel)] = channel
      return true
    }
  }

  func remove(_ channel: any Channel) {
    channels.withLock { _ = $0.all.removeValue(forKey: ObjectIdentifier(channel)) }
  }

  /// Tells every connection; nobody is added afterwards.
  func tell(_ notice: Notice) {
    let all = channels.withLock { connections in
      connections.notice = notice
      return Array(connections.all.values)
    }
    for channel in all { channel.pipeline.fireUserInboundEventTriggered(notice) }
  }
}
