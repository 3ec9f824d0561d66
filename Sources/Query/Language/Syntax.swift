// The tree of a query: what was asked, with the place of every part. Meaning is added by the
// binder.

/// A whole request.
package struct Statement: Hashable, Sendable {
  package enum Purpose: Hashable, Sendable {
    /// Answer the query.
    case answer
    /// Show how it would be answered.
    case explain
    /// Show what its numbers mean: definitions, populations, settings.
    case explainNumbers
  }

  package var purpose: Purpose
  package var query: Select

  package init(purpose: Purpose, query: Select) {
    self.purpose = purpose
    self.query = query
  }
}

/// One SELECT: the whole query, or the one behind an IN.
package struct Select: Hashable, Sendable {
  package var items: [SelectItem]
  package var source: Source
  /// The place of the table's name.
  package var sourcePlace: Place
  package var filter: Expression?
  /// A whole number is the position of a SELECT item, counted from 1.
  package var groups: [Expression] = []
  package var having: Expression?
  package var order: [OrderItem] = []
  package var limit: RowCount?
  package var offset: RowCount?
  /// Always empty in the query behind an IN.
  package var settings: [Setting] = []
  package var place: Place

  package init(
    items: [SelectItem], source: Source, sourcePlace: Place = .none, place: Place = .none
  ) {
    self.items = items
    self.source = source
    self.sourcePlace = sourcePlace
    self.place = place
  }
}

/// The tables there are. Raw values are their names.
package enum Source: String, CaseIterable, Sendable {
  case events
  case messages
  case recipients
  case campaigns
  case links
}

package enum SelectItem: Hashable, Sendable {
  /// `*`.
  case all(Place)
  case expression(Expression, alias: Identifier?)
}

package struct OrderItem: Hashable, Sendable {
  package enum Nulls: Hashable, Sendable {
    case first
    case last
  }

  /// A whole number is the position of a SELECT item, counted from 1.
  package var expression: Expression
  package var isDescending: Bool
  /// Nil where the query leaves it to the default.
  package var nulls: Nulls?

  package init(_ expression: Expression, isDescending: Bool = false, nulls: Nulls? = nil) {
    self.expression = expression
    self.isDescending = isDescending
    self.nulls = nulls
  }
}

/// The number behind LIMIT or OFFSET; never negative.
package struct RowCount: Hashable, Sendable {
  package var value: Int
  package var place: Place

  package init(_ value: Int, at place: Place = .none) {
    self.value = value
    self.place = place
  }
}

/// `name = value`. Words, numbers and texts are all kept as text.
package struct Setting: Hashable, Sendable {
  package var name: Identifier
  package var value: Identifier

  package init(name: Identifier, value: Identifier) {
    self.name = name
    self.value = value
  }
}

/// A single name: an alias, a setting, a field of EXTRACT.
package struct Identifier: Hashable, Sendable {
  /// In lower case unless it was quoted.
  package var text: String
  package var place: Place

  package init(_ text: String, at place: Place = .none) {
    self.text = text
    self.place = place
  }
}
