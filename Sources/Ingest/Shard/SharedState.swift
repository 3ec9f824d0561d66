// What all shards share while events come in: the small dictionaries and the attributes of campaigns and links.
// Read-mostly: workers keep their own caches (`CodeCache`) and come here only with values they have not seen.

package import Base
package import Columnar

package final class SharedState: Sendable {
  private let dictionaries: [GuardedDictionary]
  /// Bytes of one dictionary.
  private let byteCountMax: Int
  private let attributes: Monitor<SharedAttributes>
  /// By user-agent code; those that came since are missing.
  private let marks = Monitor<[UInt8]>([0])
  /// What sources want remembered, by their keys.
  private let notes: Monitor<[UInt64: [UInt8]]>
  /// Whoever changes shards is inside; whoever wants to see all of them at one moment closes it.
  package let gate = Gate()

  /// - Parameters:
  ///   - dictionaries: one per SharedDictionary, in raw-value order.
  ///   - byteCountMax: of each, what new values may fill; tests use less.
  package init(
    dictionaries: [ByteDictionary], campaign: AttributeTable, link: AttributeTable,
    recipientNames: [String], notes: [UInt64: [UInt8]],
    byteCountMax: Int = Columnar.Limits.sharedDictionaryByteCountMax
  ) {
    precondition(dictionaries.count == SharedDictionary.allCases.count)
    self.dictionaries = dictionaries.map { GuardedDictionary($0) }
    self.notes = Monitor(notes)
    self.byteCountMax = byteCountMax
    attributes = Monitor(
      SharedAttributes(campaign: campaign, link: link, recipientNames: recipientNames))
  }

  /// An empty state.
  package convenience init(
    byteCountMax: Int = Columnar.Limits.sharedDictionaryByteCountMax
  ) {
    self.init(
      dictionaries: SharedDictionary.allCases.map { _ in SharedState.emptyDictionary() },
      campaign: AttributeTable(), link: AttributeTable(), recipientNames: [], notes: [:],
      byteCountMax: byteCountMax)
  }

  package static func emptyDictionary() -> ByteDictionary {
    ByteDictionary(countMax: Columnar.Limits.sharedDictionaryCountMax)
  }

  /// The code of a value, which is added when it is new; 0 for an empty one, nil when the dictionary is full.
  ///
  /// - Parameter isKept: whether it was taken before, by whatever limit: it is in the log.
  package func code(
    _ dictionary: SharedDictionary, _ value: ByteSlice, isKept: Bool = false
  ) -> UInt32? {
    guard !value.isEmpty else { return 0 }
    return dictionaries[Int(dictionary.rawValue)].content.update { strings in
      let byteCount = value.count + MemoryLayout<UInt32>.stride
      let hasRoom = isKept || byteCount <= byteCountMax - strings.byteCount
      let ordinal = hasRoom ? strings.intern(value) : strings.find(value)
      return ordinal.map { $0 &+ 1 }
    }
  }

  /// Whether the text of one code comes before another's, byte by byte.
  package func isSmaller(_ dictionary: SharedDictionary, _ left: UInt32, _ right: UInt32) -> Bool {
    dictionaries[Int(dictionary.rawValue)].content.update {
      $0[left &- 1].isOrderedBefore($0[right &- 1])
    }
  }

  /// States an attribute of a campaign or a link, by the owner's code.
  ///
  /// What a file states outranks what events state. Of two values from events the smaller stays; of two from files, the
  /// later.
  package func stateAttribute(
    _ owner: AttributeOwner, _ name: String, of code: UInt32, as value: UInt32, isFromFile: Bool
  ) {
    guard code != 0, value != 0 else { return }
    let isSmaller = { (new: UInt32, old: UInt32) in self.isSmaller(.attribute, new, old) }
    attributes.update { attributes in
      switch owner {
      case .campaign:
        attributes.campaign.state(name, of: code, value, isFromFile, isSmaller)
      case .link:
        attributes.link.state(name, of: code, value, isFromFile, isSmaller)
      case .recipient:
        preconditionFailure("recipients' attributes live in their shards")
      }
    }
  }

  /// The column number of a recipient attribute, which is added when it is new; nil when there are too many.
  package func recipientAttribute(_ name: String) -> Int? {
    attributes.update { attributes in
      if let index = attributes.recipientNames.firstIndex(of: name) { return index }
      guard attributes.recipientNames.count < Limits.recipientAttributeCountMax else { return nil }
      attributes.recipientNames.append(name)
      return attributes.recipientNames.count - 1
    }
  }

  /// The attributes as they are now.
  package var sharedAttributes: SharedAttributes { attributes.update { $0 } }

  /// By user-agent code: 1 for a machine, 0 for a person; who names no user agent is a person.
  package func machineMarks() -> [UInt8] {
    let agents = dictionary(.userAgent)
    return marks.update { marks in
      while marks.count <= agents.count {
        let found = UserAgentRules.classify(agents[UInt32(marks.count - 1)])
        marks.append(found.machineClass == .human ? 0 : 1)
      }
      return marks
    }
  }

  /// Remembers a source's note in the place of its last one.
  func remember(_ note: SourceNote) {
    notes.update { $0[note.key] = note.bytes.isEmpty ? nil : note.bytes }
  }

  /// What sources want remembered now, by their keys.
  package var sourceNotes: [UInt64: [UInt8]] { notes.update { $0 } }

  /// What is in a dictionary now.
  package func dictionary(_ dictionary: SharedDictionary) -> DictionaryPrefix {
    dictionaries[Int(dictionary.rawValue)].content.update { $0.prefix }
  }
}

/// The attributes of campaigns and links, and the names of those of recipients.
package struct SharedAttributes: Sendable {
  package var campaign = AttributeTable()
  package var link = AttributeTable()
  package var recipientNames: [String] = []

  package init() {}

  init(campaign: AttributeTable, link: AttributeTable, recipientNames: [String]) {
    self.campaign = campaign
    self.link = link
    self.recipientNames = recipientNames
  }
}

/// One shared dictionary and its lock.
private final class GuardedDictionary: Sendable {
  let content: Monitor<ByteDictionary>

  init(_ dictionary: ByteDictionary) { content = Monitor(dictionary) }
}

/// Attribute values by owner code: small tables that are rewritten whole.
package struct AttributeTable: Sendable {
  package struct Column: Sendable {
    package var name: String
    /// Value codes by owner ordinal; 0 where nothing is stated.
    package var codes: [UInt32]
    /// Whether a file stated the value.
    package var isFromFile: [Bool]

    package init(name: String, codes: [UInt32], isFromFile: [Bool]) {
      self.name = name
      self.codes = codes
      self.isFromFile = isFromFile
    }
  }

  package var columns: [Column]

  package init(columns: [Column] = []) { self.columns = columns }

  mutating func state(
    _ name: String, of code: UInt32, _ value: UInt32, _ isFromFile: Bool,
    _ isSmaller: (UInt32, UInt32) -> Bool
  ) {
    let column = index(of: name)
    let row = Int(code) - 1
    if columns[column].codes.count <= row {
      let missing = row + 1 - columns[column].codes.count
      columns[column].codes.append(contentsOf: repeatElement(0, count: missing))
      columns[column].isFromFile.append(contentsOf: repeatElement(false, count: missing))
    }
    let current = columns[column].codes[row]
    let isCurrentFromFile = columns[column].isFromFile[row]
    guard
      current == 0 || isFromFile
        || !isCurrentFromFile && current != value && isSmaller(value, current)
    else { return }
    columns[column].codes[row] = value
    columns[column].isFromFile[row] = isFromFile
  }

  private mutating func index(of name: String) -> Int {
    if let index = columns.firstIndex(where: { $0.name == name }) { return index }
    columns.append(Column(name: name, codes: [], isFromFile: []))
    return columns.count - 1
  }
}
