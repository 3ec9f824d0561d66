// What looks after a directory while it takes events, on two threads: one synchronizes the log every second, however
// long the other one takes, which keeps disk and memory from filling up and saves what has been in the log long enough.

internal import Base
internal import Durability

final class Housekeeping: Sendable {
  private let publisher: Publisher
  private let memory: MemoryWatch
  private let folder: DataFolder
  private let configuration: Engine.Configuration
  private let isStopping = Monitor(false)
  private let threads = Monitor<[RunningThread]>([])

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

  /// Starts the threads, unless they run.
  func start() {
    threads.update { threads in
      guard threads.isEmpty, let journal = publisher.journal else { return }
      threads = [
        Threads.start { [self] in synchronize(journal) }, Threads.start { [self] in save(journal) },
      ].compactMap(\.self)
    }
  }

  /// Ends the threads.
  func stop() {
    isStopping.update { $0 = true }
    let running = threads.update { threads in
      defer { threads = [] }
      return threads
    }
    for thread in running { thread.join() }
  }

  /// Waits until the next look; false at the end.
  private func waitForLook() -> Bool {
    isStopping.wait(atMost: Housekeeping.pause, { $0 ? true : nil }) == nil
  }

  private func synchronize(_ journal: EngineJournal) {
    while waitForLook() { journal.tick() }
  }

  private func save(_ journal: EngineJournal) {
    var rest = 0
    while waitForLook() {
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
