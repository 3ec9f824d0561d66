// One row of an attribute file: a key and what is said about it.
//
// SAFETY: the slices are valid until the parser's or reader's next call.

package import Base

package struct AttributeRow {
  package var key = ByteSlice.empty
  /// The attributes that the row states; empty values are not among them.
  package var cells: [AttributeCell] = []

  package init() {}
}

package struct AttributeCell {
  /// An index into the parser's `columns`.
  package let column: Int
  package let value: ByteSlice

  package init(column: Int, value: ByteSlice) {
    self.column = column
    self.value = value
  }
}
