// The word lists everything is named from. Lists are part of the output's definition: a change changes every file.

enum Names {
  static let syllables = [
    "ba", "be", "bi", "co", "da", "de", "di", "el", "fa", "fe", "ga", "ha", "in", "ja", "ka", "ki",
    "la", "le", "li", "lo", "ma", "me", "mi", "na", "ne", "ni", "no", "or", "pa", "ra", "re", "ri",
    "ro", "sa", "se", "si", "so", "ta", "te", "ti", "to", "va", "ve", "vi", "ya", "yu", "za", "zo",
  ]

  static let accentedSyllables = ["né", "ço", "ü", "ø", "lä", "ří", "ñe", "ão"]

  static let schools: [StaticString] = [
    "Arts", "Business", "Engineering", "Law", "Medicine", "Music", "Science",
    "Arts, Letters and Design", "School \"North\"",
  ]

  static let plans: [StaticString] = ["free", "basic", "plus", "premium"]

  static let countries: [StaticString] = [
    "US", "DE", "GB", "FR", "IN", "BR", "CA", "ES", "JP", "AU", "NL", "IT", "PL", "SE", "MX", "ZA",
  ]

  static let subdomains = [
    "", "mail.", "alumni.", "students.", "staff.", "north.", "south.", "lab.", "shop.", "clinic.",
    "works.", "post.", "team.", "city.", "west.",
  ]

  static let topDomains = ["example.com", "example.org", "example.edu", "example.net"]

  /// First and second half of a campaign's slug; 24 times 24 of them are different.
  static let occasions = [
    "spring", "summer", "autumn", "winter", "weekend", "member", "student", "alumni", "welcome",
    "loyalty", "flash", "early", "city", "garden", "travel", "kitchen", "fitness", "music", "book",
    "science", "partner", "holiday", "campus", "regional",
  ]
  static let purposes = [
    "sale", "news", "digest", "invite", "launch", "survey", "offer", "update", "preview",
    "reminder",
    "guide", "event", "webinar", "stories", "rewards", "tips", "picks", "report", "course",
    "renewal",
    "bundle", "trial", "checklist", "recap",
  ]

  static let linkPlaces = [
    "hero", "cta", "footer", "header", "product-1", "product-2", "product-3", "story", "social",
    "map", "faq", "preferences",
  ]

  static let channels: [StaticString] = [
    "newsletter", "promotion", "lifecycle", "transactional", "event",
  ]

  static let senders: [StaticString] = [
    "news@example.com", "offers@shop.example.com", "hello@example.org", "events@example.edu",
    "support@example.net",
  ]

  static let templates: [StaticString] = [
    "plain", "one-column", "two-column", "cards", "letter", "receipt",
  ]

  static let unsubscribeReasons: [StaticString] = [
    "too frequent", "irrelevant", "no longer interested", "never signed up", "other",
  ]

  static let feedbackTypes: [StaticString] = [
    "abuse", "abuse", "abuse", "fraud", "not-spam", "other",
  ]

  static let currencies: [StaticString] = ["EUR", "EUR", "USD", "USD", "GBP"]
}
