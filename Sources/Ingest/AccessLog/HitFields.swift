// The fields of one hit as JSON logs give them: text that is unescaped but not yet understood.
//
// SAFETY: slices lie in the line or in the parser's scratch, and live until the parser's next call.

internal import Base

struct HitFields {
  var time: ByteSlice
  var address: ByteSlice
  var method: ByteSlice
  var target: ByteSlice
  /// A whole request line, `GET /o HTTP/1.1`, used where method or target is missing.
  var request: ByteSlice
  var status: ByteSlice
  var agent: ByteSlice
  var country: ByteSlice

  /// - Parameter none: an empty slice; taking `ByteSlice.empty` here would cost more than reading a
  ///   field.
  init(none: ByteSlice) {
    time = none
    address = none
    method = none
    target = none
    request = none
    status = none
    agent = none
    country = none
  }

  /// The text of a string or a number; nil for anything else. `null` is empty.
  @inline(__always)
  static func text(_ value: JSONValue) -> ByteSlice? {
    switch value {
    case .string(let text), .number(let text): text
    case .null: .empty
    case .bool, .object, .array: nil
    }
  }

  /// Whether time, status, and method with target or request are there.
  var isComplete: Bool {
    !time.isEmpty && !status.isEmpty && ((!method.isEmpty && !target.isEmpty) || !request.isEmpty)
  }

  /// One to three digits as a number, or nil.
  static func number(_ status: ByteSlice) -> Int? {
    guard status.count >= 1, status.count <= 3 else { return nil }
    var number = 0
    for byte in status.buffer {
      guard ASCII.isDigit(byte) else { return nil }
      number = number &* 10 &+ Int(byte &- ASCII.zero)
    }
    return number
  }
}

extension HitReader {
  /// Decides what the fields mean; the time is read already.
  mutating func read(_ fields: HitFields, time: Int64?, into event: inout Event) -> LineOutcome {
    guard let status = HitFields.number(fields.status) else { return .rejected(.malformed) }
    guard let time else { return .rejected(.time) }
    var methods = LogLine.method(fields.method.base, count: fields.method.count)
    var target = HitTarget(text: fields.target, start: 0, end: fields.target.count)
    if fields.method.isEmpty || fields.target.isEmpty {
      (methods, target) = LogLine.splitRequest(fields.request, from: 0, to: fields.request.count)
    }
    let request = HitRequest(
      time: time, methods: methods, target: target, isBroken: false, status: status,
      address: fields.address.count == 1 && fields.address.base[0] == ASCII.minus
        ? none : fields.address)
    let outcome = read(request, into: &event)
    guard outcome == .event else { return outcome }
    guard fields.country.count <= Limits.fieldByteCountMax else { return .rejected(.fieldTooLong) }
    event.country = fields.country
    return setUserAgent(fields.agent, &event)
  }
}
