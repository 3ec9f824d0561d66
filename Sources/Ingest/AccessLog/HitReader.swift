// From a request to an event: what all access-log formats share once their lines are taken apart.
//
// SAFETY: captures lie in the matcher's table, at indices below their fixed count.

internal import Base

/// What a line says about one request.
struct HitRequest {
  var time: Int64
  var methods: HitMethods
  var target: HitTarget
  /// The target had a log escape that is none.
  var isBroken: Bool
  var status: Int
  /// The client's address as text; empty if unknown.
  var address: ByteSlice
}

struct HitReader {
  private let matcher: RouteMatcher
  private var captures: RouteCaptures
  let scratch = LineScratch()
  let none = ByteSlice.empty

  init(_ routes: Routes) {
    matcher = RouteMatcher(routes)
    captures = matcher.makeCaptures()
  }

  /// Decides what the request is, and fills everything but the user agent and the country.
  @inline(__always)
  mutating func read(_ request: HitRequest, into event: inout Event) -> LineOutcome {
    switch matcher.match(request.target, methods: request.methods, captures: &captures) {
    case .none: return .ignored(.noRoute)
    case .otherMethod: return .ignored(.method)
    case .route(let index):
      let route = matcher.route(index)
      let status = request.status
      guard route.pointee.statuses[status >> 6] & (1 << UInt64(status & 63)) != 0 else {
        return .ignored(.status)
      }
      guard !request.isBroken else { return .rejected(.escape) }
      return readHit(request, route, into: &event)
    }
  }

  @inline(__always)
  private mutating func readHit(
    _ request: HitRequest, _ route: UnsafePointer<CompiledRoute>, into event: inout Event
  ) -> LineOutcome {
    matcher.readQuery(route, request.target, &captures)
    if captures.escapedInPath | captures.escapedInQuery != 0 {
      guard decode() else { return .rejected(.escape) }
    }
    if route.pointee.constantCount != 0 { addConstants(route) }
    if route.pointee.takesAddress { captures.set(RouteField.recipient.rawValue, request.address) }
    guard captures.present & route.pointee.required == route.pointee.required,
      hasText(route.pointee.required)
    else { return .rejected(.missingKey) }
    fill(request, route.pointee.kind, &event)
    if captures.present & RouteField.value.bit != 0 {
      guard readValue(&event) else { return .rejected(.number) }
    }
    return isShort() ? .event : .rejected(.fieldTooLong)
  }

  @inline(never)
  private mutating func decode() -> Bool {
    var fields = captures.escapedInPath | captures.escapedInQuery
    while fields != 0 {
      let field = fields.trailingZeroBitCount
      fields &= fields &- 1
      let isInQuery = captures.escapedInQuery & (1 << UInt32(field)) != 0
      guard
        let decoded = PercentEscape.unescape(
          captures.slices[field], plusIsSpace: isInQuery, into: scratch), !decoded.isBroken
      else { return false }
      captures.slices[field] = decoded.text
    }
    return true
  }

  private mutating func addConstants(_ route: UnsafePointer<CompiledRoute>) {
    var index = 0
    while index < Int(route.pointee.constantCount) {
      let constant = route.pointee.constants[index]
      captures.set(constant.field, constant.value)
      index &+= 1
    }
  }

  @inline(__always)
  private func hasText(_ required: UInt32) -> Bool {
    var fields = required
    while fields != 0 {
      if captures.slices[fields.trailingZeroBitCount].isEmpty { return false }
      fields &= fields &- 1
    }
    return true
  }

  @inline(__always)
  private func isShort() -> Bool {
    var fields = captures.present
    while fields != 0 {
      if captures.slices[fields.trailingZeroBitCount].count > Limits.fieldByteCountMax {
        return false
      }
      fields &= fields &- 1
    }
    return true
  }

  @inline(__always)
  private func fill(_ request: HitRequest, _ kind: EventKind, _ event: inout Event) {
    event.time = request.time
    event.kind = kind
    event.isHead = request.methods == .head
    event.hasValue = false
    event.valueMicros = 0
    event.address = NetworkAddress(text: request.address) ?? .none
    event.campaign = captured(.campaign)
    event.recipient = captured(.recipient)
    event.send = captured(.send)
    event.variant = captured(.variant)
    event.link = captured(.link)
    event.reason = captured(.reason)
    event.currency = captured(.currency)
    event.userAgent = none
    event.country = none
  }

  @inline(__always)
  private func captured(_ field: RouteField) -> ByteSlice {
    captures.present & field.bit != 0 ? captures.slices[Int(field.rawValue)] : none
  }

  private func readValue(_ event: inout Event) -> Bool {
    let text = captured(.value)
    guard !text.isEmpty else { return true }
    guard let micros = Decimal.micros(text) else { return false }
    event.valueMicros = micros
    event.hasValue = true
    return true
  }

  /// Sets the user agent of an event that counts; `-` and nothing are none.
  @inline(__always)
  func setUserAgent(_ text: ByteSlice, _ event: inout Event) -> LineOutcome {
    guard text.count <= Limits.fieldByteCountMax else { return .rejected(.fieldTooLong) }
    event.userAgent = text.count == 1 && text.base[0] == ASCII.minus ? none : text
    return .event
  }
}
