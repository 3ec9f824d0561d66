// Rows of a table that are found again: a listing with LIMIT notes where its rows are and reads most of their columns
// only when it is known which are left.
//
// SAFETY: callers hand over rows of the block that is shown; buffers are read while they are held.

internal import Columnar

/// Where a row is in its shard: an entry's or a message's ordinal; of an event the segment above bit 32 and the row in
/// it below.
typealias RowPlace = UInt64

protocol RowSource: ColumnSource {
  /// Appends the places of these rows of the block that is shown.
  func appendPlaces(of rows: UnsafeBufferPointer<UInt32>, to column: inout FrameColumn)

  /// Shows as many of the first rows with these places as lie side by side, in a block.
  ///
  /// - Parameter places: at least one, in the order in which blocks came.
  /// - Returns: how many rows are shown.
  func show(_ places: ArraySlice<RowPlace>) -> Int
}
