// One fact of every message that is asked for, in the narrowest form it is found in; runs of it are widened to words
// when a term asks for them.
//
// SAFETY: there is a value for every place, and runs lie below the count of places and fit a vector.

internal import Base
internal import Columnar

struct FactColumn {
  var values: Values
  /// The messages that have none, where a value of 0 does not say so.
  var nulls = Nulls.zeros

  /// Arrays are by place (`MessageRun`), columns by message.
  enum Values {
    /// See `Cell`.
    case words([UInt64])
    /// Counts, codes or truths.
    case numbers([UInt32])
    /// As stored (`TimeBias`); 0 for none.
    case times([UInt64])
    /// Places in a short list of words.
    case choices([UInt8], of: [UInt64])
    /// What columns of counts add up to.
    case counts([EncodedColumn])
    /// Whether one of some columns of counts has any.
    case presence([EncodedColumn])
    /// Times as stored, of messages that were sent.
    case sentTimes(EncodedColumn, states: EncodedColumn)
    /// A word by the class of a state; of messages that bounced.
    case bounceClasses(states: EncodedColumn, of: [UInt64])
  }

  enum Nulls {
    /// Every message has a value.
    case never
    /// Values of 0.
    case zeros
    /// Places without a mark.
    case unmarked([Bool])
  }

  /// Fills a vector with the facts of these messages.
  func fill(_ vector: Vector, _ run: MessageRun) {
    let (words, start, count) = (vector.words, run.places.lowerBound, run.places.count)
    switch values {
    case .words(let values):
      for row in 0..<count { words[row] = values[start + row] }
    case .numbers(let values):
      values.withUnsafeBufferPointer { values in
        for row in 0..<count { words[row] = UInt64(values[start &+ row]) }
      }
    case .times(let values):
      values.withUnsafeBufferPointer { values in
        for row in 0..<count { vector.set(row, storedTime: values[start &+ row]) }
      }
      return
    case .choices(let places, let list):
      places.withUnsafeBufferPointer { places in
        list.withUnsafeBufferPointer { list in
          for row in 0..<count { words[row] = list[Int(places[start &+ row])] }
        }
      }
    case .counts(let columns): FactColumn.add(columns, run, into: words)
    case .presence(let columns):
      FactColumn.add(columns, run, into: words)
      for row in 0..<count { words[row] = words[row] == 0 ? 0 : 1 }
    case .sentTimes(let times, let states): return fillSent(vector, run, times, states)
    case .bounceClasses(let states, let list):
      run.read(states, into: words)
      list.withUnsafeBufferPointer { list in
        for row in 0..<count { words[row] = list[MessageState.bouncedClass(words[row])] }
      }
    }
    markNulls(vector, run.places)
  }

  private static func add(
    _ columns: [EncodedColumn], _ run: MessageRun, into words: UnsafeMutablePointer<UInt64>
  ) {
    run.read(columns[0], into: words)
    let capacity = Limits.blockRowCount + Limits.blockSlack
    for column in columns.dropFirst() {
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { scratch in
        guard let others = scratch.baseAddress else { return }
        run.read(column, into: others)
        for row in 0..<run.places.count { words[row] &+= others[row] }
      }
    }
  }

  private func fillSent(
    _ vector: Vector, _ run: MessageRun, _ times: EncodedColumn, _ states: EncodedColumn
  ) {
    let capacity = Limits.blockRowCount + Limits.blockSlack
    run.read(times, into: vector.words)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { scratch in
      guard let bits = scratch.baseAddress else { return }
      run.read(states, into: bits)
      for row in 0..<run.places.count {
        let isSent = bits[row] & UInt64(MessageState.sent) != 0
        vector.set(row, storedTime: isSent ? vector.words[row] : 0)
      }
    }
  }

  private func markNulls(_ vector: Vector, _ places: Range<Int>) {
    switch nulls {
    case .never: vector.nulls.update(repeating: 0, count: places.count)
    case .zeros: vector.markZeros(places.count)
    case .unmarked(let marks):
      for row in 0..<places.count { vector.nulls[row] = marks[places.lowerBound + row] ? 0 : 1 }
    }
  }
}

extension Vector {
  /// Writes a time; 0 is NULL.
  @inline(__always)
  fileprivate func set(_ row: Int, storedTime: UInt64) {
    words[row] = storedTime == 0 ? 0 : Cell.word(TimeBias.load(storedTime))
    nulls[row] = storedTime == 0 ? 1 : 0
  }
}

extension MessageState {
  /// The class of the deciding bounce; 0 of a message that has not bounced.
  @inline(__always)
  static func bouncedClass(_ state: UInt64) -> Int {
    state & UInt64(bounced) == 0 ? 0 : Int(truncatingIfNeeded: state >> UInt64(classShift)) & 7
  }
}
