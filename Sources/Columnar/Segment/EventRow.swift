// One event as the open part of a shard holds it: 72 bytes, written once and gathered into columns at sealing.

@usableFromInline package struct EventRow: BitwiseCopyable, Sendable {
  /// UTC milliseconds.
  @usableFromInline package var time: Int64 = 0
  @usableFromInline package var addressHigh: UInt64 = 0
  @usableFromInline package var addressLow: UInt64 = 0
  /// Zig-zag of the value in millionths, plus one; 0 is NULL.
  @usableFromInline package var value: UInt64 = 0
  /// Identity of the vendor's event id; 0 is "none".
  @usableFromInline package var identity: UInt64 = 0
  @usableFromInline package var message: UInt32 = 0
  @usableFromInline package var userAgent: UInt32 = 0
  @usableFromInline package var link: UInt32 = 0
  @usableFromInline package var country: UInt32 = 0
  @usableFromInline package var code: UInt32 = 0
  @usableFromInline package var reason: UInt32 = 0
  @usableFromInline package var currency: UInt32 = 0
  @usableFromInline package var kind: UInt8 = 0
  @usableFromInline package var flags: UInt8 = 0
  @usableFromInline package var bounceClass: UInt8 = 0

  @inlinable package init() {}

  /// The stored form of `column`, as EventColumn describes it.
  @inlinable @inline(__always) package func stored(_ column: EventColumn) -> UInt64 {
    switch column {
    case .message: UInt64(message)
    case .time: TimeBias.store(time)
    case .kind: UInt64(kind)
    case .userAgent: UInt64(userAgent)
    case .link: UInt64(link)
    case .flags: UInt64(flags)
    case .addressHigh: addressHigh
    case .addressLow: addressLow
    case .country: UInt64(country)
    case .code: UInt64(code)
    case .reason: UInt64(reason)
    case .bounceClass: UInt64(bounceClass)
    case .value: value
    case .currency: UInt64(currency)
    case .identity: identity
    }
  }
}

extension Segment {
  /// Hands out every row; for reopening a small segment, not for queries.
  package func forEachRow(_ body: (EventRow) -> Void) {
    let values = EventColumn.allCases.map { self[$0].decoded() }
    for index in 0..<rowCount { body(EventRow(values, at: index)) }
  }
}

extension EventRow {
  /// The row at `index` of these stored values, one list per EventColumn.
  @inline(__always)
  fileprivate init(_ stored: [[UInt64]], at index: Int) {
    func wide(_ column: EventColumn) -> UInt64 { stored[Int(column.rawValue)][index] }
    func narrow(_ column: EventColumn) -> UInt32 { UInt32(truncatingIfNeeded: wide(column)) }
    time = TimeBias.load(wide(.time))
    addressHigh = wide(.addressHigh)
    addressLow = wide(.addressLow)
    value = wide(.value)
    identity = wide(.identity)
    message = narrow(.message)
    userAgent = narrow(.userAgent)
    link = narrow(.link)
    country = narrow(.country)
    code = narrow(.code)
    reason = narrow(.reason)
    currency = narrow(.currency)
    kind = UInt8(truncatingIfNeeded: narrow(.kind))
    flags = UInt8(truncatingIfNeeded: narrow(.flags))
    bounceClass = UInt8(truncatingIfNeeded: narrow(.bounceClass))
  }
}
