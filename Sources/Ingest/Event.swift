// What happened, to whom, when: one parsed line or record, before anything is interned.
//
// SAFETY: the slices point into the bytes being parsed or into the parser's own scratch. They are valid until
// the parser's next call; the batch copies or interns what it keeps.

package import Base

/// One event as a parser found it. An empty slice means "the field is absent".
package struct Event {
  /// UTC milliseconds since 1970.
  package var time: Int64 = 0
  package var kind: EventKind = .sent
  /// The hit was a HEAD request.
  package var isHead = false
  package var tracked: Tracked = .unstated
  package var bounceClass: BounceClass = .unspecified
  /// A conversion's value in millionths of the currency's unit; meaningful only when `hasValue`.
  package var valueMicros: Int64 = 0
  package var hasValue = false
  /// The message's send time where the record states it apart from `time`; nil otherwise.
  package var sentAt: Int64?
  package var address = NetworkAddress.none

  package var campaign = ByteSlice.empty
  package var recipient = ByteSlice.empty
  package var send = ByteSlice.empty
  package var variant = ByteSlice.empty
  package var template = ByteSlice.empty
  package var sender = ByteSlice.empty
  package var subject = ByteSlice.empty
  package var domain = ByteSlice.empty
  package var link = ByteSlice.empty
  package var url = ByteSlice.empty
  package var position = ByteSlice.empty
  package var userAgent = ByteSlice.empty
  package var country = ByteSlice.empty
  package var code = ByteSlice.empty
  package var reason = ByteSlice.empty
  package var currency = ByteSlice.empty
  package var id = ByteSlice.empty

  package init() {}
}

/// Whether a message carries a tracking pixel and rewritten links, as its send record says.
package enum Tracked: UInt8, Sendable {
  case unstated = 0
  case yes = 1
  case no = 2
}

/// What became of one line.
package enum LineOutcome: Equatable, Sendable {
  /// `event` was filled.
  case event
  /// Well-formed, but no hit that counts.
  case ignored(IgnoreReason)
  /// Not a line of this format.
  case rejected(RejectReason)
}

/// Why a well-formed line is no event. Raw values index counters.
package enum IgnoreReason: UInt8, CaseIterable, Sendable {
  /// The path is none of the tracking routes.
  case noRoute
  /// A tracking route, but with a status that does not count (404, 500, ...).
  case status
  /// A tracking route, but with a method that does not count (a GET of the unsubscribe address, ...).
  case method
  /// A comment or directive line (`#Version: 1.0`), or an empty line.
  case comment
}

/// Why a line could not be read. Raw values index counters.
package enum RejectReason: UInt8, CaseIterable, Sendable {
  /// The line does not have the format's fields.
  case malformed
  /// A time that is none.
  case time
  /// The line is longer than `Limits.lineByteCountMax`.
  case tooLong
  /// A tracking hit without campaign or recipient, or with an empty one.
  case missingKey
  /// A field is longer than `Limits.fieldByteCountMax`.
  case fieldTooLong
  /// A percent escape or a log escape that is none.
  case escape
  /// A kind that is none of EventKind.
  case kind
  /// A number that is none.
  case number
  /// The field's dictionary is full: more distinct values, or more bytes of them, than `Columnar.Limits` allows.
  case tooManyValues
}

/// A parser of one line format. Conformers are structs, and hot loops are generic over them.
package protocol LineParser {
  /// Reads one line (without its newline) into `event`.
  ///
  /// Every field of `event` that the line does not state is left empty: the parser resets what it touched.
  mutating func parse(_ line: ByteSlice, into event: inout Event) -> LineOutcome
}
