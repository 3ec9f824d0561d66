// How long people and machines take. Tables of per-mille shares instead of formulas, because the
// logarithms and powers of different machines differ in the last bit and the output must not.

internal import Base

struct DelayTable: Sendable {
  /// Ascending: the share of delays (per mille, cumulative) up to `limit` milliseconds.
  private let steps: [(share: Int, limit: Int)]

  private static let second = 1000
  private static let minute = 60_000
  private static let hour = 3_600_000
  private static let day = 86_400_000

  /// From the send to a person's first look: minutes for some, weeks for a few.
  static let firstOpen = DelayTable(steps: [
    (0, 20 * second), (90, 5 * minute), (240, 30 * minute), (440, 2 * hour), (650, 8 * hour),
    (830, day), (930, 3 * day), (980, 7 * day), (1000, 21 * day),
  ])

  /// Between two looks of the same person.
  static let nextOpen = DelayTable(steps: [
    (0, 5 * second), (400, 10 * minute), (700, 6 * hour), (900, 2 * day), (1000, 9 * day),
  ])

  /// From a look to a click.
  static let click = DelayTable(steps: [
    (0, 2 * second), (700, minute), (950, 10 * minute), (1000, 5 * hour),
  ])

  /// From the send to the privacy proxy's fetch: when the phone next charges.
  static let proxyFetch = DelayTable(steps: [
    (0, 3 * second), (300, 10 * minute), (700, 4 * hour), (1000, 20 * hour),
  ])

  /// From the send to a scanner's sweep over all links (median about 43 seconds).
  static let sweep = DelayTable(steps: [
    (0, second), (27, 20 * second), (690, minute), (973, 5 * minute), (993, 30 * minute),
    (1000, day),
  ])

  /// From the send to the receiving server's answer.
  static let delivery = DelayTable(steps: [
    (0, 300), (900, 4 * second), (980, 5 * minute), (1000, 3 * hour),
  ])

  /// From the send to the last attempt of a message that comes back.
  static let bounce = DelayTable(steps: [
    (0, second), (700, 10 * second), (850, 4 * hour), (1000, 2 * day),
  ])

  /// One delay in milliseconds.
  func draw(_ random: inout PRNG) -> Int64 {
    let draw = random.below(1000)
    var index = 1
    while index < steps.count - 1 && draw >= steps[index].share { index += 1 }
    let low = steps[index - 1].limit
    return Int64(low + random.below(steps[index].limit - low))
  }
}
