// Every limit of the server, with its reason.

internal import Base

/// How much a server takes on; the defaults are right except in tests.
package struct ServerLimits: Equatable, Sendable {
  /// Bytes of a request line. A query has at most 16 KiB; a line of `SET` or `AUTH` far less.
  package var requestByteCountMax = 65_536
  /// Bytes of a line inside INGEST: event records may carry long texts, log lines stay below 64 KiB.
  package var hitByteCountMax = 1 << 20
  /// Bytes read ahead while a request is being worked on; more wait in the kernel and slow the client down.
  package var readAheadByteCountMax = 1 << 20
  /// Clients connected at once; each costs a descriptor and some kilobytes.
  package var connectionCountMax = 4096
  /// Queries that wait for a worker; with one per connection in work, more than that never wait for long.
  package var waitingCountMax = 1024
  /// Queries worked on at once. More than processors, so that a long one does not keep short ones waiting.
  package var workerCount = 2 * Threads.processorCount
  /// Chunks of hits worked on at once; the engine orders them, so more would only wait there.
  package var ingestWorkerCount = 2
  /// Connections of sources at once, or whose lines still wait; each may hold more than a mebibyte, and there are
  /// rarely more senders.
  package var sourceConnectionCountMax = 256
  /// Bytes of lines that wait for the engine, of one connection; more wait in the kernel and slow the sender down.
  package var sourceByteCountMax = 1 << 20
  /// Bytes of lines that wait for the engine, of all datagrams of a source: some seconds of a busy server's hits.
  package var datagramQueueByteCountMax = 8 << 20
  /// Rows of a reply; who wants more wants a file.
  package var rowCountMax = 1_000_000
  /// Bytes of a reply: it is held in memory until its client has taken it.
  package var replyByteCountMax = 256 << 20
  /// How long a query may take, in milliseconds.
  package var queryMillisecondsMax: Int64 = 60_000
  /// How long a query may go on when its client has stopped sending. Such a client may still read, as `nc -N` does, or
  /// be gone: the two look the same.
  package var partingMillisecondsMax: Int64 = 5000
  /// How long a stop waits for what runs, in milliseconds.
  package var stopMillisecondsMax: Int64 = 10_000

  package init() {}
}
