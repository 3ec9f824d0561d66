// What the access-log tests share: events as values that own their bytes.

import Base
import Ingest

enum AccessLogSupport {
  static func routes(_ text: String) throws(RoutesError) -> Routes {
    try Array(text.utf8).withUnsafeBufferPointer { buffer throws(RoutesError) in
      try Routes(text: ByteSlice(buffer))
    }
  }

  /// Parses one line with a new parser.
  static func parse(
    _ format: AccessLogFormat, _ line: String, routes: Routes = .standard
  ) -> TwinOutcome {
    Array(line.utf8).withUnsafeBufferPointer { buffer in
      var parser = format.makeParser(routes: routes)
      var event = Event()
      return outcome(parser.parse(ByteSlice(buffer), into: &event), event)
    }
  }

  static func outcome(_ outcome: LineOutcome, _ event: Event) -> TwinOutcome {
    switch outcome {
    case .event: .event(copy(event))
    case .ignored(let reason): .ignored(reason)
    case .rejected(let reason): .rejected(reason)
    }
  }

  static func name(_ outcome: TwinOutcome) -> String {
    switch outcome {
    case .event: "event"
    case .ignored(let reason): "ignored \(reason)"
    case .rejected(let reason): "rejected \(reason)"
    }
  }

  static func fields(_ event: Event) -> [String: ByteSlice] {
    [
      "campaign": event.campaign, "recipient": event.recipient, "send": event.send,
      "variant": event.variant, "template": event.template, "sender": event.sender,
      "subject": event.subject, "domain": event.domain, "link": event.link, "url": event.url,
      "position": event.position, "userAgent": event.userAgent, "country": event.country,
      "code": event.code, "reason": event.reason, "currency": event.currency, "id": event.id,
    ]
  }

  private static func copy(_ event: Event) -> TwinEvent {
    TwinEvent(
      time: event.time, kind: event.kind, isHead: event.isHead,
      value: event.hasValue ? event.valueMicros : nil, address: event.address,
      fields: fields(event).mapValues(\.array).filter { !$0.value.isEmpty })
  }
}
