// From which time on the events of each kind stay; what retention asks of every segment. Zone maps answer for most of
// them.

package import Base

package struct TimeCutoffs: Equatable, Sendable {
  /// By kind's raw value, biased (`TimeBias`); 0 where everything stays.
  private var times = [UInt64](repeating: 0, count: 16)

  /// Everything stays.
  package init() {}

  /// Of events of `kind`, lets only those at `time` (UTC milliseconds) or later stay.
  package mutating func keep(_ kind: EventKind, from time: Int64) {
    times[Int(kind.rawValue)] = TimeBias.store(time)
  }

  /// The earliest biased time that stays, for a kind's raw value.
  subscript(kind: UInt8) -> UInt64 { times[Int(kind)] }

  /// Whether a segment may have rows that go. Without decoding it; the answer may be yes when a block holds several
  /// kinds.
  func mayReach(into segment: Segment) -> Bool {
    blocks(of: segment).contains { kind, block in block.minimum < self[kind] }
  }

  /// Whether all rows of a segment go. Without decoding it; the answer may be no when a block holds several kinds.
  func covers(_ segment: Segment) -> Bool {
    blocks(of: segment).allSatisfy { kind, block in block.maximum < self[kind] }
  }

  /// Every kind of the segment with each block of times that has rows of it.
  private func blocks(of segment: Segment) -> [(kind: UInt8, block: EncodedBlock)] {
    let times = segment.blocks(.time)
    return EventKind.allCases.flatMap { kind in
      times[segment.rows(ofKind: kind.rawValue).blocks].map { (kind.rawValue, $0) }
    }
  }
}
