// The settings of a query, by the tables of docs/SEMANTICS.md, "Settings".

import Query

struct ModelSettings {
  var audience = "human"
  var hasImpliedOpens = true
  var denominator = "delivered"

  init(_ settings: [Setting]) {
    for setting in settings {
      switch setting.name.text {
      case "audience": audience = setting.value.text
      case "implied_opens": hasImpliedOpens = "on true 1".words.contains(setting.value.text)
      case "denominator": denominator = setting.value.text
      default: define(setting.value.text)
      }
    }
  }

  private static let choices = [
    "audience": "human machine all".words, "implied_opens": "on off true false 1 0".words,
    "denominator": "delivered sent tracked".words,
    "definition": "beacon sfmc sendgrid mailchimp mailjet zoho mailpoet".words,
  ]

  /// The settings it knows.
  static var names: [String] { choices.keys.sorted() }

  /// - Throws: ModelRefusal for settings and values that there are not.
  init(checking settings: [Setting]) throws {
    for setting in settings {
      let name = setting.name.text
      guard let values = ModelSettings.choices[name], values.contains(setting.value.text) else {
        throw ModelRefusal.nonsense("\(name) = \(setting.value.text)")
      }
    }
    self.init(settings)
  }

  private mutating func define(_ definition: String) {
    switch definition {
    case "beacon": (audience, hasImpliedOpens, denominator) = ("human", true, "delivered")
    case "zoho": (audience, hasImpliedOpens, denominator) = ("all", true, "delivered")
    case "mailpoet": (audience, hasImpliedOpens, denominator) = ("human", false, "tracked")
    default: (audience, hasImpliedOpens, denominator) = ("all", false, "delivered")
    }
  }

  /// Whether an event exists at all.
  func exists(_ event: ModelEvent) -> Bool {
    guard audience != "all", event.kind == "opened" || event.kind == "clicked" else { return true }
    return (event.machineClass == "human") == (audience == "human")
  }

  func isOpen(_ event: ModelEvent) -> Bool {
    event.kind == "opened" || hasImpliedOpens && event.kind == "clicked"
  }
}
