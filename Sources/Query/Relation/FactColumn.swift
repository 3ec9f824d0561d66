// One fact of every message of a shard, in the narrowest form it is found in; blocks of it are widened to words when a
// term asks for them.
//
// SAFETY: there is a value for every message, and rows shown lie below the message count and fit a vector.

internal import Base
internal import Columnar

struct FactColumn {
  var values: Values
  /// The messages that have none, where a value of 0 does not say so.
  var nulls = Nulls.zeros

  enum Values {
    /// See `Cell`.
    case words([UInt64])
    /// Counts, codes or truths.
    case numbers([UInt32])
    /// As stored (`TimeBias`); 0 for none.
    case times([UInt64])
    /// Places in a short list of words.
    case choices([UInt8], of: [UInt64])
  }

  enum Nulls {
    /// Every message has a value.
    case never
    /// Values of 0.
    case zeros
    /// Messages without a mark.
    case unmarked([Bool])
  }

  /// Fills a vector with the facts of these messages.
  func fill(_ vector: Vector, _ rows: Range<Int>) {
    let (words, start, count) = (vector.words, rows.lowerBound, rows.count)
    switch values {
    case .words(let values):
      for row in 0..<count { words[row] = values[start + row] }
    case .numbers(let values):
      values.withUnsafeBufferPointer { values in
        for row in 0..<count { words[row] = UInt64(values[start &+ row]) }
      }
    case .times(let values):
      values.withUnsafeBufferPointer { values in
        for row in 0..<count {
          let stored = values[start &+ row]
          words[row] = stored == 0 ? 0 : Cell.word(TimeBias.load(stored))
          vector.nulls[row] = stored == 0 ? 1 : 0
        }
      }
      return
    case .choices(let places, let list):
      places.withUnsafeBufferPointer { places in
        list.withUnsafeBufferPointer { list in
          for row in 0..<count { words[row] = list[Int(places[start &+ row])] }
        }
      }
    }
    markNulls(vector, rows)
  }

  private func markNulls(_ vector: Vector, _ rows: Range<Int>) {
    switch nulls {
    case .never: vector.nulls.update(repeating: 0, count: rows.count)
    case .zeros: vector.markZeros(rows.count)
    case .unmarked(let marks):
      for row in 0..<rows.count { vector.nulls[row] = marks[rows.lowerBound + row] ? 0 : 1 }
    }
  }
}
