// What all shards share, at rest: the small dictionaries, the attributes of campaigns and links, and which files were
// loaded.

internal import Base
internal import Columnar
internal import Ingest

/// A file that was loaded, by its content.
package struct LoadedFile: Equatable, Sendable {
  package var contentHigh: UInt64
  package var contentLow: UInt64
  /// Bytes of content, uncompressed.
  package var byteCount: UInt64
  /// The name it was first loaded under; for messages only.
  package var name: String
}

struct SharedImage: Sendable {
  /// One per SharedDictionary, in raw-value order.
  var dictionaries: [DictionaryPrefix]
  var campaignAttributes = AttributeTable()
  var linkAttributes = AttributeTable()
  var recipientAttributeNames: [String] = []
  var loadedFiles: [LoadedFile] = []
  /// What sources want remembered, by their keys.
  var sourceNotes: [UInt64: [UInt8]] = [:]

  init() {
    dictionaries = SharedDictionary.allCases.map { _ in SharedState.emptyDictionary().prefix }
  }

  private static let campaignSection: UInt32 = 100
  private static let linkSection: UInt32 = 101
  private static let recipientSection: UInt32 = 102
  private static let fileSection: UInt32 = 103
  private static let noteSection: UInt32 = 104

  func write() -> [UInt8] {
    var file = SectionFileWriter(kind: .shared)
    for (index, dictionary) in dictionaries.enumerated() {
      file.append(section: UInt32(index), dictionary.serialized())
    }
    file.append(section: SharedImage.campaignSection, SharedImage.write(campaignAttributes))
    file.append(section: SharedImage.linkSection, SharedImage.write(linkAttributes))
    var names = ByteWriter()
    names.append(UInt32(recipientAttributeNames.count))
    for name in recipientAttributeNames { names.append(text: name) }
    file.append(section: SharedImage.recipientSection, names.bytes)
    file.append(section: SharedImage.fileSection, writeFiles())
    file.append(section: SharedImage.noteSection, writeNotes())
    return file.finish()
  }

  init(reading bytes: [UInt8]) throws(SectionFileError) {
    let file = try SectionFileReader(bytes, expecting: .shared)
    var dictionaries: [DictionaryPrefix] = []
    for index in SharedDictionary.allCases.indices {
      dictionaries.append(
        try ByteDictionary(
          reading: try file.read(section: UInt32(index)),
          countMax: Columnar.Limits.sharedDictionaryCountMax
        ).prefix)
    }
    self.dictionaries = dictionaries
    let valueCount = dictionaries[Int(SharedDictionary.attribute.rawValue)].count
    campaignAttributes = try SharedImage.readAttributes(
      try file.read(section: SharedImage.campaignSection),
      ownerCount: dictionaries[Int(SharedDictionary.campaign.rawValue)].count, valueCount)
    linkAttributes = try SharedImage.readAttributes(
      try file.read(section: SharedImage.linkSection),
      ownerCount: dictionaries[Int(SharedDictionary.link.rawValue)].count, valueCount)
    recipientAttributeNames = try SharedImage.parse(
      try file.read(section: SharedImage.recipientSection)
    ) { cursor in
      try cursor.readList { cursor in try cursor.readText() }
    }
    loadedFiles = try SharedImage.parse(try file.read(section: SharedImage.fileSection)) { cursor in
      try cursor.readList { cursor in
        LoadedFile(
          contentHigh: try cursor.read(UInt64.self), contentLow: try cursor.read(UInt64.self),
          byteCount: try cursor.read(UInt64.self), name: try cursor.readText())
      }
    }
    guard file.ids.contains(SharedImage.noteSection) else { return }
    sourceNotes = try SharedImage.parse(try file.read(section: SharedImage.noteSection)) { cursor in
      let notes = try cursor.readList { cursor in
        (
          try cursor.read(UInt64.self),
          try cursor.readSlice(count: Int(try cursor.read(UInt32.self))).array
        )
      }
      return Dictionary(notes, uniquingKeysWith: { first, _ in first })
    }
  }

  private func writeFiles() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(loadedFiles.count))
    for file in loadedFiles {
      writer.append(file.contentHigh)
      writer.append(file.contentLow)
      writer.append(file.byteCount)
      writer.append(text: file.name)
    }
    return writer.bytes
  }

  private func writeNotes() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(sourceNotes.count))
    for (key, bytes) in sourceNotes.sorted(by: { $0.key < $1.key }) {
      writer.append(key)
      writer.append(UInt32(bytes.count))
      writer.append(contentsOf: bytes)
    }
    return writer.bytes
  }

  private static func write(_ attributes: AttributeTable) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(attributes.columns.count))
    for column in attributes.columns {
      writer.append(text: column.name)
      column.codes.withUnsafeBufferPointer { EncodedColumn(encoding: $0).write(to: &writer) }
      let isFromFile = column.isFromFile.map { UInt32($0 ? 1 : 0) }
      isFromFile.withUnsafeBufferPointer { EncodedColumn(encoding: $0).write(to: &writer) }
    }
    return writer.bytes
  }

  private static func readAttributes(
    _ payload: [UInt8], ownerCount: Int, _ valueCount: Int
  ) throws(SectionFileError) -> AttributeTable {
    try parse(payload) { cursor in
      AttributeTable(
        columns: try cursor.readList { cursor in
          let name = try cursor.readText()
          let codes = try EncodedColumn(reading: &cursor, rowCountMax: ownerCount)
          let isFromFile = try EncodedColumn(reading: &cursor, rowCountMax: ownerCount)
          guard codes.rowCount == isFromFile.rowCount,
            codes.blocks.allSatisfy({ $0.maximum <= UInt64(valueCount) })
          else { throw SectionFileError("attribute \(name) does not fit its table") }
          return AttributeTable.Column(
            name: name, codes: codes.decodedCodes(),
            isFromFile: isFromFile.decoded().map { $0 != 0 })
        })
    }
  }

  /// Runs `body` over a payload and turns whatever goes wrong into one kind of error.
  private static func parse<Value>(
    _ payload: [UInt8], _ body: (inout ByteCursor) throws -> Value
  ) throws(SectionFileError) -> Value {
    do {
      return try payload.withUnsafeBufferPointer { buffer in
        var cursor = ByteCursor(ByteSlice(buffer))
        let value = try body(&cursor)
        guard cursor.isAtEnd else { throw SectionFileError("bytes behind a shared section") }
        return value
      }
    } catch let error as SectionFileError {
      throw error
    } catch {
      throw SectionFileError("a shared section that does not decode: \(error)")
    }
  }
}

extension ByteWriter {
  fileprivate mutating func append(text: String) {
    let bytes = Array(text.utf8)
    append(UInt32(bytes.count))
    append(contentsOf: bytes)
  }
}

extension ByteCursor {
  /// A count and as many elements; room is made for one after the other, because the count may be wrong.
  fileprivate mutating func readList<Element>(
    _ element: (inout ByteCursor) throws -> Element
  ) throws -> [Element] {
    let count = try read(UInt32.self)
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  fileprivate mutating func readText() throws(Failure) -> String {
    try readSlice(count: Int(try read(UInt32.self))).text
  }
}

extension SharedImage {
  subscript(dictionary: SharedDictionary) -> DictionaryPrefix {
    dictionaries[Int(dictionary.rawValue)]
  }
}
