// Tells work in progress to stop: because whoever asked has gone, or because its time is over. One side holds on to it
// and cancels; the other asks at every step that takes a fraction of a millisecond.

internal import Synchronization

package final class Cancellation: Sendable {
  /// Why work must stop.
  package enum Reason: Sendable {
    case cancelled
    case timedOut
  }

  private let isCancelled = Atomic(false)
  /// Nanoseconds of the monotonic clock.
  private let deadline = Atomic(Int64.max)

  package init() {}

  /// Asks the work to stop.
  package func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Gives the work this long from now, unless it has less already.
  package func limit(toMilliseconds milliseconds: Int64) {
    let (end, isLost) = MonotonicClock.now().addingReportingOverflow(
      milliseconds.multipliedReportingOverflow(by: 1_000_000).partialValue)
    if !isLost { _ = deadline.min(end, ordering: .relaxed) }
  }

  /// Why the work must stop; nil while it may go on. Costs about as much as reading the clock.
  package var reason: Reason? {
    if isCancelled.load(ordering: .relaxed) { return .cancelled }
    let end = deadline.load(ordering: .relaxed)
    return end != .max && MonotonicClock.now() > end ? .timedOut : nil
  }
}
