// What a journal keeps of one batch: the strings that are new in shared dictionaries, the sources' notes, the batch.
// docs/formats/wal.md has the layout.

package import Base
internal import Columnar

package enum JournalRecord {
  /// Writes what goes before a batch: every string that came into a shared dictionary since `counts`, and the notes.
  ///
  /// - Parameter counts: by dictionary, how many strings the journal has. It is brought up to date, so that the codes
  ///   of any batch that exists by now mean something to whoever reads the journal from its beginning.
  package static func write(
    _ shared: SharedState, since counts: inout [Int], notes: [SourceNote],
    to writer: inout ByteWriter
  ) {
    let runCountOffset = writer.count
    writer.append(UInt32(0))
    var runCount: UInt32 = 0
    for dictionary in SharedDictionary.allCases {
      let prefix = shared.dictionary(dictionary)
      let first = counts[Int(dictionary.rawValue)]
      guard prefix.count > first else { continue }
      writer.append(dictionary.rawValue)
      writer.append(UInt32(first))
      writer.append(UInt32(prefix.count - first))
      for ordinal in first..<prefix.count { writer.append(UInt32(prefix[UInt32(ordinal)].count)) }
      for ordinal in first..<prefix.count { writer.append(prefix[UInt32(ordinal)]) }
      counts[Int(dictionary.rawValue)] = prefix.count
      runCount += 1
    }
    writer.overwrite(at: runCountOffset, with: runCount)
    writer.append(UInt32(notes.count))
    for note in notes {
      writer.append(note.key)
      writer.append(UInt32(note.bytes.count))
      writer.append(contentsOf: note.bytes)
    }
  }

  /// Takes the new strings over and steps behind the notes, which it returns.
  static func readPrefix(
    _ cursor: inout ByteCursor, into shared: SharedState
  ) throws -> [SourceNote] {
    for _ in 0..<(try cursor.read(UInt32.self)) { try readRun(&cursor, into: shared) }
    var notes: [SourceNote] = []
    for _ in 0..<(try cursor.read(UInt32.self)) {
      let key = try cursor.read(UInt64.self)
      let bytes = try cursor.readSlice(count: Int(try cursor.read(UInt32.self)))
      notes.append(SourceNote(key: key, bytes: bytes.array))
    }
    return notes
  }

  private static func readRun(_ cursor: inout ByteCursor, into shared: SharedState) throws {
    guard let dictionary = SharedDictionary(rawValue: try cursor.read(UInt8.self)) else {
      throw BatchRecordReader.Fault(reason: "strings of an unknown dictionary")
    }
    let first = Int(try cursor.read(UInt32.self))
    let count = Int(try cursor.read(UInt32.self))
    var lengths = ByteCursor(try cursor.readSlice(count: count * MemoryLayout<UInt32>.size))
    for index in 0..<count {
      let value = try cursor.readSlice(count: Int(try lengths.read(UInt32.self)))
      // What a saved state has already must be the same; what is new gets the next number.
      let code = shared.code(dictionary, value, isKept: true)
      guard let code, Int(code) == first + index + 1 else {
        throw BatchRecordReader.Fault(
          reason: "\(dictionary.name) \(value.text) is not number \(first + index)")
      }
    }
  }
}

extension SharedState {
  /// How many strings there are, by dictionary.
  package var dictionaryCounts: [Int] { SharedDictionary.allCases.map { dictionary($0).count } }
}
