// The kinds of events. Raw values are on disk: append, never renumber.

package enum EventKind: UInt8, CaseIterable, Sendable {
  case sent = 1
  case delivered = 2
  case deferred = 3
  case bounced = 4
  case dropped = 5
  case opened = 6
  case clicked = 7
  case unsubscribed = 8
  case complained = 9
  case converted = 10
  case replied = 11
  case responded = 12

  /// The word used in event files, in queries and in results.
  package var name: StaticString {
    switch self {
    case .sent: "sent"
    case .delivered: "delivered"
    case .deferred: "deferred"
    case .bounced: "bounced"
    case .dropped: "dropped"
    case .opened: "opened"
    case .clicked: "clicked"
    case .unsubscribed: "unsubscribed"
    case .complained: "complained"
    case .converted: "converted"
    case .replied: "replied"
    case .responded: "responded"
    }
  }

  /// The kind with this name, or nil.
  package init?(name: ByteSlice) {
    for kind in EventKind.allCases where name == kind.name {
      self = kind
      return
    }
    return nil
  }
}

/// Why a bounce happened, as lists are cleaned by it. Raw values are on disk.
package enum BounceClass: UInt8, CaseIterable, Sendable {
  /// The record named none and has no code: nothing is known.
  case unspecified = 0
  case hard = 1
  case soft = 2
  case block = 3
  case unknown = 4

  package var name: StaticString {
    switch self {
    case .unspecified, .unknown: "unknown"
    case .hard: "hard"
    case .soft: "soft"
    case .block: "block"
    }
  }
}

/// Who a user agent stands for. Raw values never reach the disk: the class follows from the dictionary entry.
package enum MachineClass: UInt8, CaseIterable, Sendable {
  /// A person's mail client or browser, or a proxy that acts when the person reads (Gmail, Yahoo).
  case human = 0
  /// Apple's privacy proxy, which loads images whether or not anybody reads.
  case privacyProxy = 1
  /// A mailbox provider's prefetch at delivery time.
  case prefetch = 2
  /// A security scanner that opens messages and follows links.
  case scanner = 3
  /// A crawler, a monitor, a script.
  case robot = 4
  /// A HEAD request, whoever sent it.
  case head = 5

  package var name: StaticString {
    switch self {
    case .human: "human"
    case .privacyProxy: "privacy_proxy"
    case .prefetch: "prefetch"
    case .scanner: "scanner"
    case .robot: "robot"
    case .head: "head"
    }
  }
}
