import Base
import Engine
import TestSupport
import Testing

@Suite("Retention, as it is configured and when it is due")
struct RetentionPolicyTests {
  @Test("an age is days or for ever", arguments: ["1d", "100d", "36525d", "forever"])
  func ages(text: String) throws {
    var policy = RetentionPolicy()
    #expect(policy.isForever)
    try policy.set(text)
    #expect(policy.isForever == (text == "forever"))
  }

  @Test(
    "anything else is refused",
    arguments: ["", "d", "0d", "-1d", "+1d", "01d", "1", "12h", "36526d", "1 d", "1d ", "never"])
  func refused(text: String) {
    var policy = RetentionPolicy()
    let before = policy
    #expect(
      throws: RetentionPolicy.Failure(
        description: "an age is 1d to 36525d (days) or forever, not '\(text)'")
    ) { try policy.set(text) }
    #expect(policy == before)
  }

  @Test("a kind's own age goes before the common one, whichever is set first")
  func kinds() throws {
    var (one, other) = (RetentionPolicy(), RetentionPolicy())
    try one.set("100d")
    try one.set("30d", kind: "opened")
    try one.set("forever", kind: "sent")
    try other.set("forever", kind: "sent")
    try other.set("30d", kind: "opened")
    try other.set("100d")
    #expect(one == other && !one.isForever)
    #expect(throws: RetentionPolicy.Failure.self) { try one.set("1d", kind: "viewed") }
  }

  @Test("daily work is due at once, then once a day, and a clock set back makes nothing due")
  func schedule() {
    let midnight: Int64 = 1_772_409_600_000
    var schedule = DailySchedule()
    #expect(schedule.isDue(at: midnight - 1))
    schedule.done(at: midnight - 1)
    #expect(!schedule.isDue(at: midnight - 1))
    #expect(schedule.isDue(at: midnight))
    schedule.done(at: midnight)
    for time in [midnight + 86_399_999, midnight - 1, midnight] {
      #expect(!schedule.isDue(at: time))
    }
    #expect(schedule.isDue(at: midnight + 86_400_000))
  }

  @Test("the next look is in an hour, or just after midnight")
  func pauses() {
    let midnight: Int64 = 1_772_409_600_000
    #expect(DailySchedule.pause(at: midnight) == 3_600_000)
    #expect(DailySchedule.pause(at: midnight - 60_000) == 61_000)
    #expect(DailySchedule.pause(at: midnight - 7_200_000) == 3_600_000)
    #expect(DailySchedule.pause(at: -1) == 1001)
  }

  @Test("every job runs at the start, one that fails is heard of, and stopping ends the thread")
  func dailyWork() {
    let seen = Monitor<[String]>([])
    let work = DailyWork(
      [
        DailyWork.Job("first") { time throws(EngineError) in seen.update { $0.append("\(time)") }
        },
        DailyWork.Job("second") { _ throws(EngineError) in throw .failed("no room") },
        DailyWork.Job("third") { _ throws(EngineError) in seen.update { $0.append("third") } },
      ], clock: { 7 }
    ) { failure in seen.update { $0.append(failure) } }
    work.start()
    seen.wait { $0.count < 3 ? nil : () }
    work.stop()
    #expect(seen.update { $0 } == ["7", "second: no room", "third"])
  }
}
