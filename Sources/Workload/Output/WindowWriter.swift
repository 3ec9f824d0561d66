// Writes the files of a window. Every stream has its own files, so two threads share the streams out
// and the bytes do not depend on which thread wrote them.

internal import Base

struct WindowWriter: Sendable {
  let plan: WorkloadPlan
  let directory: String
  let window: RecordWindow

  /// Writes everything and returns the size in bytes of every log file, before compression.
  func write() throws(WorkloadError) -> [Int] {
    let results = Monitor<[Result<[Int], WorkloadError>]>([])
    Threads.forEach(plan.spec.edgeCount + 1, threadCount: 2) { stream in
      let result = Result<[Int], WorkloadError> { () throws(WorkloadError) in
        try write(stream: stream)
      }
      results.update { $0.append(result) }
    }
    var sizes: [Int] = []
    for result in results.update({ $0 }) { sizes += try result.get() }
    return sizes
  }

  private func write(stream: Int) throws(WorkloadError) -> [Int] {
    if stream == plan.spec.edgeCount {
      try writeOutcomes(stream: stream)
      return []
    }
    var sizes: [Int] = []
    for day in window.days where window.count(day: day, stream: stream) > 0 {
      sizes.append(try writeLog(day: day, edge: stream))
    }
    return sizes
  }

  private func writeOutcomes(stream: Int) throws(WorkloadError) {
    var file = try OutputFile(path: directory + "/outcomes.ndjson", appends: true)
    let writer = EventFileWriter(plan)
    for day in window.days {
      try window.forEach(day: day, stream: stream) { (record) throws(WorkloadError) in
        writer.appendOutcome(record, to: &file.builder)
        try file.flushIfFull()
      }
    }
    try file.close()
  }

  private func writeLog(day: Int, edge: Int) throws(WorkloadError) -> Int {
    let date = CivilTime.formatDate(plan.timeline.date(ofDay: day))
    // Every other file has been compressed by the rotation.
    let suffix = (day + edge) % 2 == 0 ? "" : ".gz"
    let path = "\(directory)/logs/edge\(edge + 1)-access-\(date).log\(suffix)"
    var file = try OutputFile(path: path)
    var writer = AccessLogWriter(plan, edge: edge)
    writer.appendDirectives(to: &file.builder)
    try window.forEach(day: day, stream: edge) { (record) throws(WorkloadError) in
      writer.append(record, to: &file.builder)
      try file.flushIfFull()
    }
    return try file.close()
  }
}
