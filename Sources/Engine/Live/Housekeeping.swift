// The thread that looks after a directory while it takes events: synchronizes the log, saves to files what has been
// in it long enough, and keeps the disk from filling up.

internal import Base
internal import Durability

final class Housekeeping: Sendable {
  private let publisher: Publisher
  private let memory: MemoryWatch
  private let folder: DataFolder
  private let configuration: Engine.Configuration
  private let isStopping = Monitor(false)
  private let thread = Monitor<RunningThread?>(nil)

  /// Nanoseconds from one look to the next: what `everysec` promises.
  private static let pause: Int64 = 1_000_000_000
  /// Looks that are skipped after a save that failed, so that a full disk is not asked all the time.
  private static let patience = 10

  init(
    _ publisher: Publisher, _ memory: MemoryWatch, _ folder: DataFolder,
    _ configuration: Engine.Configuration
  ) {
    self.publisher = publisher
    self.memory = memory
    self.folder = folder
    self.configuration = configuration
  }

  /// Starts the thread, unless it runs.
  func start() {
    thread.update { thread in
      if thread == nil { thread = Threads.start { [self] in run() } }
    }
  }

  /// Ends the thread.
  func stop() {
    isStopping.update { $0 = true }
    thread.update { $0.take() }?.join()
  }

  private func run() {
    guard let journal = publisher.journal else { return }
    var rest = 0
    while isStopping.wait(atMost: Housekeeping.pause, { $0 ? true : nil }) == nil {
      journal.tick()
      watchSpace(journal)
      memory.tick(journal)
      rest = max(0, rest - 1)
      guard rest == 0, journal.byteCount > logByteCountMax(journal) else { continue }
      // What cannot be saved now stays in the log.
      if (try? publisher.save()) == nil { rest = Housekeeping.patience }
    }
  }

  /// Bytes of log that are worth a save. Files are a tenth of the log that they replace, so a disk without room for
  /// more of it gets some back.
  private func logByteCountMax(_ journal: EngineJournal) -> Int {
    journal.lacksSpace
      ? min(Housekeeping.scarceByteCount, configuration.logByteCountMax)
      : configuration.logByteCountMax
  }

  private static let scarceByteCount = 1 << 20

  /// Stops ingestion while the disk has too little room, and lets it go on when there is a quarter more than that.
  private func watchSpace(_ journal: EngineJournal) {
    guard let space = try? folder.space() else { return }
    let least = configuration.freeByteCountMin ?? Housekeeping.leastFree(space)
    if space.freeByteCount < least {
      journal.pause(
        .disk,
        "the disk of \(folder.path) has \(space.freeByteCount >> 20) MB left, and \(least >> 20) "
          + "MB are to stay free; ingestion goes on by itself when there is room")
    } else if space.freeByteCount >= least + least / 4 {
      journal.pause(.disk, nil)
    }
  }

  /// A gigabyte, or a twentieth of a small disk.
  private static func leastFree(_ space: DiskSpace) -> Int { min(1 << 30, space.byteCount / 20) }
}
