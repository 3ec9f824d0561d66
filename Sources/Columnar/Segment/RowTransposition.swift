// Rows into columns, a block at a time: each row is read once, while a block of all columns stays in the second cache.
// Column after column would fetch every row from memory once per column.
//
// SAFETY: the area holds `Limits.blockRowCount` values of each column, and no block has more rows; the order holds
// indices of the rows it comes with.

internal import Base

struct RowTransposition: ~Copyable {
  /// A little more than a block, so that the same row of different columns never competes for one place in the cache.
  private static let stride = Limits.blockRowCount + 8
  /// How many rows ahead a row is asked for.
  private static let prefetchDistance = 16

  private let area = UnsafeMutablePointer<UInt64>.allocate(
    capacity: EventColumn.allCases.count * stride)
  private let encoders: UnsafeMutablePointer<ColumnEncoder>

  /// - Parameter forcing: the codec to use wherever it can represent a block; for tests.
  init(forcing encoding: Encoding?) {
    encoders = .allocate(capacity: EventColumn.allCases.count)
    let workspace = BlockWorkspace()
    for column in EventColumn.allCases.indices {
      (encoders + column).initialize(to: ColumnEncoder(forcing: encoding, workspace))
    }
  }

  deinit {
    area.deallocate()
    encoders.deinitialize(count: EventColumn.allCases.count)
    encoders.deallocate()
  }

  /// The columns of `rows`, by raw value, taken in `order`. To be asked once.
  mutating func columns(
    of rows: UnsafeBufferPointer<EventRow>, in order: [UInt32]
  ) -> [EncodedColumn] {
    order.withUnsafeBufferPointer { order in
      var start = 0
      while start < order.count {
        let end = min(start &+ Limits.blockRowCount, order.count)
        let block = UnsafeBufferPointer(rebasing: order[start..<end])
        transpose(rows, block)
        for column in EventColumn.allCases.indices {
          let values = area + column &* RowTransposition.stride
          encoders[column].append(UnsafeBufferPointer(start: values, count: block.count))
        }
        start = end
      }
    }
    return EventColumn.allCases.indices.map { encoders[$0].column(rowCount: order.count) }
  }

  private func transpose(
    _ rows: UnsafeBufferPointer<EventRow>, _ order: UnsafeBufferPointer<UInt32>
  ) {
    guard let base = rows.baseAddress else { return }
    var index = 0
    while index < order.count {
      let next = min(index &+ RowTransposition.prefetchDistance, order.count &- 1)
      let ahead = base + Int(order[next])
      Prefetch.read(ahead)
      Prefetch.read(UnsafeRawPointer(ahead + 1) - 1)
      put(base + Int(order[index]), at: area + index)
      index &+= 1
    }
  }

  /// Column by column with the column as a constant, so that none is looked at while it runs.
  @inline(__always)
  private func put(_ row: UnsafePointer<EventRow>, at place: UnsafeMutablePointer<UInt64>) {
    put(row, .message, at: place)
    put(row, .time, at: place)
    put(row, .kind, at: place)
    put(row, .userAgent, at: place)
    put(row, .link, at: place)
    put(row, .flags, at: place)
    put(row, .addressHigh, at: place)
    put(row, .addressLow, at: place)
    put(row, .country, at: place)
    put(row, .code, at: place)
    put(row, .reason, at: place)
    put(row, .bounceClass, at: place)
    put(row, .value, at: place)
    put(row, .currency, at: place)
    put(row, .identity, at: place)
  }

  @inline(__always)
  private func put(
    _ row: UnsafePointer<EventRow>, _ column: EventColumn, at place: UnsafeMutablePointer<UInt64>
  ) {
    place[Int(column.rawValue) &* RowTransposition.stride] = row.pointee.stored(column)
  }
}
