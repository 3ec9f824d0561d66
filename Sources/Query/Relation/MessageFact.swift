// What became of a message: the columns of `messages` that are neither dimensions nor attributes. Raw values are their
// names; docs/SEMANTICS.md, "Tables".

enum MessageFact: String, CaseIterable, Hashable, Sendable {
  case status
  case sentAt = "sent_at"
  case deliveredAt = "delivered_at"
  case bouncedAt = "bounced_at"
  case bounceClass = "bounce_class"
  case bounceCode = "bounce_code"
  case bounceReason = "bounce_reason"
  case firstOpenAt = "first_open_at"
  case lastOpenAt = "last_open_at"
  case opens
  case firstClickAt = "first_click_at"
  case lastClickAt = "last_click_at"
  case clicks
  case linksClicked = "links_clicked"
  case opened
  case unsubscribedAt = "unsubscribed_at"
  case unsubscribeReason = "unsubscribe_reason"
  case complainedAt = "complained_at"
  case convertedAt = "converted_at"
  case conversions
  case revenue
  case repliedAt = "replied_at"
  case respondedAt = "responded_at"

  var type: TermType {
    switch self {
    case .status, .bounceClass, .bounceCode, .bounceReason, .unsubscribeReason: .text
    case .sentAt, .deliveredAt, .bouncedAt, .firstOpenAt, .lastOpenAt, .firstClickAt, .lastClickAt,
      .unsubscribedAt, .complainedAt, .convertedAt, .repliedAt, .respondedAt:
      .timestamp
    case .opens, .clicks, .linksClicked, .conversions: .integer
    case .opened: .boolean
    case .revenue: .decimal
    }
  }
}
