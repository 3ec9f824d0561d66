// Strings as bytes of a section: count, where each ends, the strings. docs/formats/segment.md draws it.
//
// SAFETY: strings are cut from the payload at ends that were checked to ascend up to its last byte.

internal import Base

struct StringSection {
  /// Ascending; the last one is the number of bytes.
  let ends: [UInt32]
  /// Valid as long as the payload.
  let bytes: ByteSlice

  /// The strings of a payload, which is trusted in nothing.
  init(_ payload: ByteSlice) throws(SectionFileError) {
    var cursor = ByteCursor(payload)
    do {
      let count = Int(try cursor.read(UInt32.self))
      let byteCount = Int(truncatingIfNeeded: try cursor.read(UInt64.self))
      let column = try EncodedColumn(reading: &cursor, rowCountMax: Limits.dictionaryCountMax)
      bytes = try cursor.readSlice(count: byteCount)
      // No string is empty: that bounds the ends by the bytes before any of them is decoded.
      guard cursor.isAtEnd, column.rowCount == count, count <= byteCount,
        column.blocks.allSatisfy({ $0.maximum <= UInt64(UInt32.max) })
      else {
        throw SectionFileError("a dictionary whose strings do not fill its bytes")
      }
      ends = column.decodedCodes()
    } catch let error as SectionFileError {
      throw error
    } catch {
      throw SectionFileError("a dictionary that does not decode: \(error)")
    }
    guard StringSection.isAscending(ends, to: bytes.count) else {
      throw SectionFileError("a dictionary whose strings do not fill its bytes")
    }
  }

  private static func isAscending(_ ends: [UInt32], to byteCount: Int) -> Bool {
    var previous: UInt32 = 0
    for end in ends {
      guard end > previous else { return false }
      previous = end
    }
    return Int(previous) == byteCount
  }

  /// Reads the strings of a payload into a dictionary that is new.
  ///
  /// - Parameter load: false when they do not fit.
  static func read(
    _ payload: [UInt8], _ load: (StringSection) -> Bool
  ) throws(SectionFileError) {
    let result = payload.withUnsafeBufferPointer { buffer -> Result<Void, SectionFileError> in
      do throws(SectionFileError) {
        guard load(try StringSection(ByteSlice(buffer))) else {
          throw SectionFileError("a dictionary larger than its limit")
        }
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// The payload of strings that end where `ends` says.
  ///
  /// - Parameter appendStrings: appends them one after the other.
  static func payload(
    ends: UnsafeBufferPointer<UInt32>, _ appendStrings: (inout ByteWriter) -> Void
  ) -> [UInt8] {
    let byteCount = Int(ends.last ?? 0)
    var writer = ByteWriter(capacity: byteCount + ends.count * MemoryLayout<UInt32>.stride + 1024)
    writer.append(UInt32(ends.count))
    writer.append(UInt64(byteCount))
    EncodedColumn(encoding: ends).write(to: &writer)
    appendStrings(&writer)
    return writer.bytes
  }
}

extension DictionaryPrefix {
  /// The section's payload.
  package func serialized() -> [UInt8] {
    let (bytes, ends) = dictionary.storage(count: count)
    return StringSection.payload(ends: ends) { $0.append(ByteSlice(bytes)) }
  }
}

extension ByteDictionary {
  /// A dictionary from a section's payload; trusts nothing.
  package convenience init(
    reading payload: [UInt8], countMax: Int = Limits.dictionaryCountMax
  ) throws(SectionFileError) {
    self.init(countMax: countMax)
    try StringSection.read(payload) { load($0) }
  }
}

extension KeyPrefix {
  /// The section's payload, in which keys stand whole.
  package func serialized() -> [UInt8] {
    var end: UInt32 = 0
    let ends = (0..<UInt32(count)).map { ordinal in
      end += UInt32(self[ordinal].count)
      return end
    }
    return ends.withUnsafeBufferPointer { ends in
      StringSection.payload(ends: ends) { writer in
        for ordinal in 0..<UInt32(count) {
          writer.append(self[ordinal].head)
          writer.append(self[ordinal].tail)
        }
      }
    }
  }
}

extension KeyDictionary {
  /// A dictionary from a section's payload; trusts nothing.
  package convenience init(
    reading payload: [UInt8], countMax: Int = Limits.messageCountMax
  ) throws(SectionFileError) {
    self.init(countMax: countMax)
    try StringSection.read(payload) { load($0) }
  }

  /// Takes over keys from disk; false when they do not fit.
  private func load(_ section: StringSection) -> Bool {
    var start = 0
    for end in section.ends {
      guard append(section.bytes.slice(from: start, to: Int(end))) != nil else { return false }
      start = Int(end)
    }
    return true
  }
}
