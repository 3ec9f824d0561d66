// One record of a CSV or TSV file, split into fields.
//
// SAFETY: the fields lie in the reader's memory and are valid until the reader's next call. Indices
// are checked in debug builds.

package import Base

/// The fields of a record, unquoted. An empty field is an empty slice.
package struct DelimitedRecord {
  private let fields: UnsafePointer<ByteSlice>
  package let count: Int

  init(fields: UnsafePointer<ByteSlice>, count: Int) {
    self.fields = fields
    self.count = count
  }

  package subscript(index: Int) -> ByteSlice {
    assert(index >= 0 && index < count, "field \(index) of \(count)")
    return fields[index]
  }
}

/// What reading a CSV or TSV file came to next.
package enum DelimitedStep {
  case record(DelimitedRecord)
  /// A line without a byte.
  case blank
  /// A record that could not be read: `malformed` or `tooLong`. Reading goes on behind it.
  case rejected(RejectReason)
  /// The bytes fed so far hold no further record: feed more, or say that they are all.
  case needsMore
  /// All has been read.
  case end
}
