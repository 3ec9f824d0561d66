// Follows log files into an engine: a thread that looks at them a few times a second. A file's place is remembered in
// the same record of the log as the lines before it, so that each line is taken once, whatever ends the process.

internal import Base
package import Ingest

package final class FileFollowing: Sendable {
  private let follower: Monitor<Follower>
  /// As of the last look: who asks does not wait for one, which may wait for a load.
  private let shown: Monitor<[FollowStatus]>
  private let onMessage: @Sendable (String) -> Void
  private let isStopping = Monitor(false)
  private let thread = Monitor<RunningThread?>(nil)

  /// Nanoseconds between two looks when there is nothing new.
  private static let pause: Int64 = 200_000_000
  /// Nanoseconds between two looks while the engine takes nothing.
  private static let refusedPause: Int64 = 1_000_000_000

  /// - Parameter onMessage: hears, once each, what is left alone or cannot be read.
  package init(
    _ engine: Engine, _ settings: FollowSettings, options: IngestOptions,
    onMessage: @escaping @Sendable (String) -> Void
  ) {
    let target = EngineFollowTarget(engine, options)
    let follower = Follower(settings: settings, target: target, notes: engine.sourceNotes)
    shown = Monitor(follower.status)
    self.follower = Monitor(follower)
    self.onMessage = onMessage
  }

  deinit { stop() }

  /// Begins to look, unless it has.
  package func start() {
    thread.update { thread in
      if thread == nil { thread = Threads.start { [self] in run() } }
    }
  }

  /// Ends the thread. What was taken is in the log; the rest is read by who follows next.
  package func stop() {
    isStopping.update { $0 = true }
    thread.update { $0.take() }?.join()
  }

  /// What became of each file.
  package var status: [FollowStatus] { shown.update { $0 } }

  private func run() {
    while true {
      let (report, status) = follower.update { follower in
        (follower.poll(now: CivilTime.now()), follower.status)
      }
      shown.update { $0 = status }
      for message in report.messages { onMessage(message) }
      let pause =
        report.refusal != nil
        ? FileFollowing.refusedPause : report.isBehind ? 0 : FileFollowing.pause
      if isStopping.wait(atMost: pause, { $0 ? true : nil }) != nil { return }
    }
  }
}

/// Gives followed lines to the engine. Used by the follower's thread alone.
private final class EngineFollowTarget: FollowTarget {
  private let engine: Engine
  private let options: IngestOptions
  private var streams: [StreamKey: IngestStream] = [:]

  private struct StreamKey: Hashable {
    var format: String
    /// Of the file, where lines mean something only with the ones before them; else empty.
    var name: String
  }

  init(_ engine: Engine, _ options: IngestOptions) {
    self.engine = engine
    self.options = options
  }

  func take(
    _ lines: ByteSlice, of kind: FileKind, name: String, note: SourceNote
  ) throws(FollowRefusal) {
    do throws(EngineError) {
      try stream(of: kind, name).append(lines, note: note)
    } catch {
      throw FollowRefusal(reason: error.sentence)
    }
  }

  func remember(_ note: SourceNote) throws(FollowRefusal) {
    try take(.empty, of: .accessLog(.combined), name: "", note: note)
  }

  private func stream(of kind: FileKind, _ name: String) throws(EngineError) -> IngestStream {
    let isStateful = kind == .accessLog(.cloudFront)
    let key = StreamKey(format: "\(kind)", name: isStateful ? name : "")
    if let known = streams[key] { return known }
    let stream = try engine.beginIngest(
      kind, name: isStateful ? name : "followed files", options: options)
    streams[key] = stream
    return stream
  }
}
