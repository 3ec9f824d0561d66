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
      case "implied_opens": hasImpliedOpens = setting.value.text == "on"
      case "denominator": denominator = setting.value.text
      default: define(setting.value.text)
      }
    }
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
