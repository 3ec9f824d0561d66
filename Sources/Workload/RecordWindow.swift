// A few days' records in memory: one slot per day and stream, filled in any order, read in order of arrival.
//
// A stream is what ends up in files of its own: every edge server, and the outcomes after them.
// All slots share one array of exactly the size that was counted before.

internal import Base

/// How many records every day and stream has.
struct SlotCounts {
  let streamCount: Int
  private(set) var counts: [Int]

  init(dayCount: Int, streamCount: Int) {
    self.streamCount = streamCount
    counts = Array(repeating: 0, count: dayCount * streamCount)
  }

  subscript(day: Int, stream: Int) -> Int {
    get { counts[day * streamCount + stream] }
    set { counts[day * streamCount + stream] = newValue }
  }

  func total(ofDay day: Int) -> Int {
    (0..<streamCount).reduce(0) { $0 + self[day, $1] }
  }

  /// The days cut into runs of at most `limit` records each, one day at least.
  func windows(limit: Int) -> [Range<Int>] {
    var windows: [Range<Int>] = []
    var start = 0
    var held = 0
    for day in 0..<counts.count / streamCount {
      let added = total(ofDay: day)
      if held + added > limit && day > start {
        windows.append(start..<day)
        start = day
        held = 0
      }
      held += added
    }
    windows.append(start..<counts.count / streamCount)
    return windows
  }
}

struct RecordWindow {
  let days: Range<Int>
  private let plan: WorkloadPlan
  private let streamCount: Int
  private var records: [Record]
  private var starts: [Int]
  private var cursors: [Int]

  init(_ plan: WorkloadPlan, days: Range<Int>, counts: SlotCounts) {
    self.plan = plan
    self.days = days
    streamCount = counts.streamCount
    starts = [0]
    for day in days {
      for stream in 0..<counts.streamCount {
        starts.append(starts[starts.count - 1] + counts[day, stream])
      }
    }
    cursors = Array(starts.dropLast())
    let blank = Record(time: 0, message: 0, salt: 0, kind: .opened)
    records = Array(repeating: blank, count: starts[starts.count - 1])
  }

  /// Keeps a record if its day is one of the window's.
  mutating func place(_ record: Record, stream: Int) {
    let day = plan.timeline.day(of: record.arrival)
    guard days.contains(day) else { return }
    let slot = (day - days.lowerBound) * streamCount + stream
    records[cursors[slot]] = record
    cursors[slot] += 1
  }

  func count(day: Int, stream: Int) -> Int {
    let slot = (day - days.lowerBound) * streamCount + stream
    return starts[slot + 1] - starts[slot]
  }

  /// Calls `body` with the records of a slot in the order of their files: by arrival in steps of four seconds,
  /// and within a step as it comes, because servers write at the end of a request.
  func forEach<Failure: Error>(
    day: Int, stream: Int, _ body: (Record) throws(Failure) -> Void
  ) throws(Failure) {
    let slot = (day - days.lowerBound) * streamCount + stream
    let range = starts[slot]..<starts[slot + 1]
    precondition(cursors[slot] == range.upperBound, "day \(day), stream \(stream) not filled")
    for index in order(range, from: plan.timeline.start(ofDay: day)) {
      try body(records[Int(index)])
    }
  }

  /// The indices of `range`, stably sorted by step: a counting sort.
  private func order(_ range: Range<Int>, from start: Int64) -> [UInt32] {
    guard !range.isEmpty else { return [] }
    let stepCount = 21_600
    let step = CivilTime.millisecondsPerDay / Int64(stepCount)
    var positions = [Int](repeating: 0, count: stepCount + 1)
    for index in range {
      positions[Int((records[index].arrival - start) / step) + 1] += 1
    }
    for index in 1...stepCount { positions[index] += positions[index - 1] }
    var order = [UInt32](repeating: 0, count: range.count)
    for index in range {
      let bucket = Int((records[index].arrival - start) / step)
      order[positions[bucket]] = UInt32(truncatingIfNeeded: index)
      positions[bucket] += 1
    }
    return order
  }
}
