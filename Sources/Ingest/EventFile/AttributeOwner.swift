// What attribute files describe.

package import Base

package enum AttributeOwner: CaseIterable, Sendable {
  case campaign
  case recipient
  case link

  /// The word in front of the dot in queries, and the name of the key column.
  package var name: StaticString {
    switch self {
    case .campaign: "campaign"
    case .recipient: "recipient"
    case .link: "link"
    }
  }

  /// What its files are called.
  package var fileStem: StaticString {
    switch self {
    case .campaign: "campaigns"
    case .recipient: "recipients"
    case .link: "links"
    }
  }

  /// The owner whose key column has this name, or nil.
  package init?(name: ByteSlice) {
    guard let owner = AttributeOwner.allCases.first(where: { name == $0.name }) else { return nil }
    self = owner
  }
}
