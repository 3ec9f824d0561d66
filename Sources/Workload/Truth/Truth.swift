// What a correct reader of the files must find, by the definitions of docs/SEMANTICS.md.
// The generator counts what it emits while it emits it; nothing here is read back.

package import Base

/// Opens and clicks under one audience.
package struct AudienceTruth: Equatable, Sendable {
  package var opens = 0
  package var clicks = 0
  /// Messages opened, clicks not counting as opens.
  package var uniqueOpens = 0
  /// Messages opened, clicks counting as opens.
  package var uniqueOpensImplied = 0
  package var uniqueClicks = 0

  /// Nothing yet.
  package init() {}
}

/// One campaign's messages; opens and clicks of people, implied opens on.
package struct CampaignTruth: Equatable, Sendable {
  package var id = ""
  package var sent = 0
  package var delivered = 0
  package var bounced = 0
  package var uniqueOpens = 0
  package var uniqueClicks = 0

  /// Nothing yet.
  package init() {}
}

package struct Truth: Equatable, Sendable {
  package var logFileCount = 0
  package var logLines = 0
  package var logBytes = 0
  /// Hits that count, by kind.
  package var hits = KindCounts()
  package var ignored = IgnoredTruth()
  package var rejected = 0
  /// Events of every source, repeats counted once.
  package var events = KindCounts()
  /// Lines that repeat an outcome.
  package var repeats = 0

  package var messages = 0
  package var sent = 0
  package var delivered = 0
  package var deliveredAndTracked = 0
  package var bounced = 0
  package var hardBounced = 0
  package var softBounced = 0
  package var blockBounced = 0
  package var uniqueUnsubscribes = 0
  package var uniqueComplaints = 0
  package var uniqueConversions = 0
  /// Sum of all conversions' values in millionths, whatever their currency.
  package var revenueMicros: Int64 = 0

  package var human = AudienceTruth()
  package var machine = AudienceTruth()
  package var all = AudienceTruth()
  package var campaigns: [CampaignTruth] = []

  /// Nothing has happened yet.
  package init() {}
}

/// Why log lines were ignored.
package struct IgnoredTruth: Equatable, Sendable {
  package var noRoute = 0
  package var status = 0
  package var method = 0
  package var comment = 0

  /// Nothing yet.
  package init() {}

  package var total: Int { noRoute + status + method + comment }
}

/// A counter for every kind of event.
package struct KindCounts: Equatable, Sendable {
  private var counts = [Int](repeating: 0, count: 13)

  /// Nothing yet.
  package init() {}

  package subscript(kind: EventKind) -> Int {
    get { counts[Int(kind.rawValue)] }
    set { counts[Int(kind.rawValue)] = newValue }
  }
}
