// A dictionary as bytes of a section: count, where strings end, the strings. docs/formats/segment.md draws it.
//
// SAFETY: slices are cut from the dictionary's own buffers at ends that were checked to ascend.

internal import Base

extension DictionaryPrefix {
  /// The section's payload.
  package func serialized() -> [UInt8] {
    var writer = ByteWriter(capacity: byteCount + 1024)
    let (bytes, ends) = dictionary.storage(count: count)
    writer.append(UInt32(ends.count))
    writer.append(UInt64(bytes.count))
    EncodedColumn(encoding: ends).write(to: &writer)
    writer.append(contentsOf: UnsafeRawBufferPointer(bytes))
    return writer.bytes
  }
}

extension ByteDictionary {
  /// A dictionary from a section's payload; trusts nothing.
  package convenience init(
    reading payload: [UInt8], countMax: Int = Limits.dictionaryCountMax
  ) throws(SectionFileError) {
    self.init(countMax: countMax)
    let result = payload.withUnsafeBufferPointer { buffer -> Result<Void, SectionFileError> in
      var cursor = ByteCursor(ByteSlice(buffer))
      do throws(SectionFileError) {
        return .success(try load(&cursor))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private func load(_ cursor: inout ByteCursor) throws(SectionFileError) {
    do {
      let count = Int(try cursor.read(UInt32.self))
      let byteCount = Int(truncatingIfNeeded: try cursor.read(UInt64.self))
      let column = try EncodedColumn(reading: &cursor, rowCountMax: Limits.dictionaryCountMax)
      let bytes = try cursor.readSlice(count: byteCount)
      // No string is empty: that bounds the ends by the bytes before any of them is decoded.
      guard cursor.isAtEnd, column.rowCount == count, count <= byteCount,
        isAscending(column, to: byteCount)
      else {
        throw SectionFileError("a dictionary whose strings do not fill its bytes")
      }
      guard load(bytes: bytes, ends: column.decodedCodes()) else {
        throw SectionFileError("a dictionary larger than its limit")
      }
    } catch let error as SectionFileError {
      throw error
    } catch {
      throw SectionFileError("a dictionary that does not decode: \(error)")
    }
  }

  private func isAscending(_ ends: EncodedColumn, to byteCount: Int) -> Bool {
    guard ends.blocks.allSatisfy({ $0.maximum <= UInt64(UInt32.max) }) else { return false }
    var previous: UInt32 = 0
    for end in ends.decodedCodes() {
      guard end > previous else { return false }
      previous = end
    }
    return Int(previous) == byteCount
  }
}
