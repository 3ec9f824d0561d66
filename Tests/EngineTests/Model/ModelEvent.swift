// One event as a record states it: plain texts, nothing interned, nothing derived.

struct ModelEvent: Hashable {
  var kind = "opened"
  /// UTC milliseconds.
  var time = 0
  var campaign = ""
  var recipient = ""
  var send: String?
  var variant: String?
  var template: String?
  var sender: String?
  var subject: String?
  var tracked: Bool?
  var sentAt: Int?
  var domain: String?
  var link: String?
  var url: String?
  var position: String?
  var ip: String?
  var country: String?
  var userAgent: String?
  var bounceClass: String?
  var code: String?
  var reason: String?
  /// Millionths.
  var value: Int?
  var currency: String?
  var id: String?
  var isHead = false

  /// The key of its message.
  var message: ModelMessageKey {
    ModelMessageKey(campaign: campaign, recipient: recipient, send: send)
  }
}

struct ModelMessageKey: Hashable {
  var campaign: String
  var recipient: String
  var send: String?
}
