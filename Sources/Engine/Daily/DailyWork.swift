// The thread that does what a long-running engine needs every day, one job after the other.

internal import Base

package final class DailyWork: Sendable {
  /// Something to be done once a day.
  package struct Job: Sendable {
    package let name: String
    /// Does it, at a time (UTC milliseconds). When it fails it is tried again within an hour.
    package let body: @Sendable (Int64) throws(EngineError) -> Void

    package init(
      _ name: String, _ body: @escaping @Sendable (Int64) throws(EngineError) -> Void
    ) {
      self.name = name
      self.body = body
    }
  }

  private let jobs: [Job]
  private let clock: @Sendable () -> Int64
  private let onFailure: @Sendable (String) -> Void
  private let isStopping = Monitor(false)
  private let thread = Monitor<RunningThread?>(nil)

  /// - Parameters:
  ///   - clock: UTC milliseconds.
  ///   - onFailure: hears the name of a job and what went wrong, as a sentence.
  package init(
    _ jobs: [Job], clock: @escaping @Sendable () -> Int64,
    onFailure: @escaping @Sendable (String) -> Void
  ) {
    self.jobs = jobs
    self.clock = clock
    self.onFailure = onFailure
  }

  /// Starts the thread, which begins with every job at once. Called once.
  package func start() {
    guard !jobs.isEmpty else { return }
    let running = Threads.start { [self] in run() }
    thread.update { $0 = running }
  }

  /// Ends the thread, after the job it is at.
  package func stop() {
    isStopping.update { $0 = true }
    thread.update { $0.take() }?.join()
  }

  private func run() {
    var schedules = jobs.map { _ in DailySchedule() }
    while true {
      for (index, job) in jobs.enumerated() where schedules[index].isDue(at: clock()) {
        if isStopping.update({ $0 }) { return }
        perform(job, &schedules[index])
      }
      let pause = DailySchedule.pause(at: clock()) * 1_000_000
      if isStopping.wait(atMost: pause, { $0 ? true : nil }) != nil { return }
    }
  }

  private func perform(_ job: Job, _ schedule: inout DailySchedule) {
    let now = clock()
    do throws(EngineError) {
      try job.body(now)
      schedule.done(at: now)
    } catch {
      onFailure("\(job.name): \(error.sentence)")
    }
  }
}
