// ORDER BY: rows by several sort keys, each with its direction and its place for NULLs.
//
// SAFETY: a column has a word for every row that is ordered.

internal import Base

/// One sort key.
struct SortKey {
  let column: FrameColumn
  let isDescending: Bool
  let nullsFirst: Bool

  /// Whether rows with equal words are equal: a text's NULL has a word of its own, that of other types has none.
  var isDecidedByWords: Bool { column.type == .text || column.nulls.isEmpty }

  /// What makes by XOR of a word, or of a text's first bytes, a number that is the smaller the sooner the row comes;
  /// nil where nothing does.
  private var flip: UInt64? {
    let signs: UInt64 = 1 << 63
    switch column.type {
    case .number: return nil
    case .text: return isDescending ? .max : 0
    default: return column.nulls.isEmpty ? (isDescending ? ~signs : signs) : nil
    }
  }

  /// For each of some rows a number that is the smaller the sooner the row comes; nil where there is none. Rows with
  /// equal numbers are equal, but for texts, whose numbers are their first bytes.
  func ranks(of rows: [Int]) -> [UInt64]? {
    guard let flip else { return nil }
    if column.type == .text { return column.prefixes(of: rows)?.map { $0 ^ flip } }
    return column.words.withUnsafeBufferPointer { words in rows.map { words[$0] ^ flip } }
  }

  /// The same of all rows: a word for each, and what makes its number of it by XOR.
  var ranks: (words: [UInt64], flip: UInt64)? {
    guard let flip else { return nil }
    let isText = column.type == .text
    let words = isText ? column.prefixes(of: column.words.indices) : column.words
    return words.map { ($0, flip) }
  }

  /// Negative when `left` comes first, positive when `right` does, 0 when the key leaves it open.
  @inline(__always)
  func order(_ left: Int, _ right: Int) -> Int {
    let (isLeftNull, isRightNull) = (column.isNull(left), column.isNull(right))
    if isLeftNull || isRightNull {
      return isLeftNull == isRightNull ? 0 : isLeftNull == nullsFirst ? -1 : 1
    }
    let order = column.order(left, right)
    return isDescending ? -order : order
  }
}

struct RowOrder {
  private let keys: [SortKey]
  /// The ranks of the first key; empty where it has none.
  private let leadingWords: [UInt64]
  private let leadingFlip: UInt64
  /// Whether the order will not be used; asked every few thousand rows.
  private let mustStop: () -> Bool

  init(_ keys: [SortKey], mustStop: @escaping () -> Bool) {
    self.keys = keys
    (leadingWords, leadingFlip) = keys.first?.ranks ?? ([], 0)
    self.mustStop = mustStop
  }

  /// The first `limit` rows in order.
  ///
  /// - Complexity: O(n log limit) with a small limit: rows that cannot be among the first are seen once.
  func first(_ limit: Int, of rows: [Int]) -> [Int] {
    guard !keys.isEmpty else { return Array(rows.prefix(limit)) }
    guard limit < rows.count / 8 else { return Array(sorted(rows).prefix(limit)) }
    guard limit > 0 else { return [] }
    return best(limit, of: rows)
  }

  /// Rows among which the first `limit` are, but not many more, as cheaply as they are found: which of those come first
  /// that the first key does not tell apart is left open, so that no other key of a row that will not be shown is
  /// looked at.
  func contenders(_ limit: Int, of rows: [Int]) -> [Int] {
    guard limit > 0, limit < rows.count / 8, let ranks = ranks(0, of: rows) else {
      return first(limit, of: rows)
    }
    let last = RowOrder.last(limit, of: ranks, mustStop)
    let kept = rows.indices.filter { ranks[$0] <= last }
    return kept.count <= limit * 2 ? kept.map { rows[$0] } : first(limit, of: rows)
  }

  /// The first `limit` rows and those that are equal to the last of them, as they stand in `rows`.
  ///
  /// - Returns: also the last of the first, if there are so many.
  func upTo(_ limit: Int, of rows: [Int]) -> (rows: [Int], last: Int?) {
    guard rows.count >= limit else { return (rows, nil) }
    guard let last = first(limit, of: rows).last, !keys.isEmpty else { return ([], nil) }
    if !leadingWords.isEmpty { return (rows.filter { !isBefore(last, $0) }, last) }
    var leading = LeadingKey(keys[0])
    let kept = rows.filter { row in
      let order = leading.order(row, last)
      return order < 0 || order == 0 && !isBefore(last, row)
    }
    return (kept, last)
  }

  /// The first `limit` rows in order, of which there are more, where the keys before `level` do not tell them apart.
  private func best(_ limit: Int, of rows: [Int], _ level: Int = 0) -> [Int] {
    guard level < keys.count else { return Array(rows.prefix(limit)) }
    guard let ranks = ranks(level, of: rows) else { return compared(limit, of: rows) }
    let last = RowOrder.last(limit, of: ranks, mustStop)
    let sooner = rows.indices.filter { ranks[$0] < last }.map { rows[$0] }
    let equal = rows.indices.filter { ranks[$0] == last }.map { rows[$0] }
    let wanted = limit - sooner.count
    guard wanted > 0 else { return Array(sorted(sooner).prefix(limit)) }
    if equal.count <= wanted { return sorted(sooner) + sorted(equal) }
    // Texts that begin alike may differ.
    let isDecided = keys[level].column.type != .text
    return sorted(sooner)
      + (isDecided ? best(wanted, of: equal, level + 1) : compared(wanted, of: equal))
  }

  /// The ranks of some rows by a key; those of the first are known.
  private func ranks(_ level: Int, of rows: [Int]) -> [UInt64]? {
    guard level == 0, !leadingWords.isEmpty else { return keys[level].ranks(of: rows) }
    return leadingWords.withUnsafeBufferPointer { words in rows.map { words[$0] ^ leadingFlip } }
  }

  /// The rank of the last of the first `limit`.
  private static func last(_ limit: Int, of ranks: [UInt64], _ mustStop: () -> Bool) -> UInt64 {
    var best: [UInt64] = []
    best.reserveCapacity(limit * 2)
    var last = UInt64.max
    for (index, rank) in ranks.enumerated() {
      if index % runCount == 0, mustStop() { break }
      if rank >= last, best.count >= limit { continue }
      best.append(rank)
      if best.count == limit || best.count == limit * 2 {
        best.sort()
        best.removeLast(best.count - limit)
        last = best[limit - 1]
      }
    }
    return last
  }

  /// The first `limit` rows in order, found by comparing them.
  private func compared(_ limit: Int, of rows: [Int]) -> [Int] {
    var leading = LeadingKey(keys[0])
    var best: [Int] = []
    best.reserveCapacity(limit * 2)
    for (index, row) in rows.enumerated() {
      if index % RowOrder.runCount == 0, mustStop() { break }
      if best.count >= limit {
        let last = best[limit - 1]
        if leading.order(row, last) > 0 || !isBefore(row, last) { continue }
      }
      best.append(row)
      if best.count == limit || best.count == limit * 2 { cut(&best, limit) }
    }
    cut(&best, limit)
    return best
  }

  private func cut(_ rows: inout [Int], _ limit: Int) {
    rows = sorted(rows)
    rows.removeLast(max(0, rows.count - limit))
  }

  /// Rows sorted at once, between two looks at whether to stop.
  private static let runCount = 4096

  /// All rows in order: short runs, merged pair by pair, because the library's sort cannot be stopped.
  private func sorted(_ rows: [Int]) -> [Int] {
    if areInOrder(rows) { return rows }
    guard rows.count > RowOrder.runCount else { return rows.sorted(by: isBefore) }
    var source: [Int] = []
    source.reserveCapacity(rows.count)
    var start = 0
    while start < rows.count {
      if mustStop() { return rows }
      let end = min(start + RowOrder.runCount, rows.count)
      source.append(contentsOf: rows[start..<end].sorted(by: isBefore))
      start = end
    }
    var target = source
    var width = RowOrder.runCount
    while width < rows.count {
      for low in stride(from: 0, to: rows.count, by: width * 2) {
        if mustStop() { return rows }
        let middle = min(low + width, rows.count)
        merge(source, into: &target, low, middle, min(middle + width, rows.count))
      }
      swap(&source, &target)
      width *= 2
    }
    return source
  }

  /// Whether the first key alone has them in order already, as it often has groups of time.
  private func areInOrder(_ rows: [Int]) -> Bool {
    guard !leadingWords.isEmpty, var last = rows.first else { return false }
    for row in rows.dropFirst() {
      guard leadingWords[last] ^ leadingFlip < leadingWords[row] ^ leadingFlip else { return false }
      last = row
    }
    return true
  }

  /// Merges two sorted neighbours; gives up where it must stop.
  private func merge(
    _ source: [Int], into target: inout [Int], _ low: Int, _ middle: Int, _ high: Int
  ) {
    var (left, right) = (low, middle)
    for place in low..<high {
      if place % RowOrder.runCount == 0, mustStop() { return }
      if left < middle, right == high || !isBefore(source[right], source[left]) {
        target[place] = source[left]
        left += 1
      } else {
        target[place] = source[right]
        right += 1
      }
    }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    if !leadingWords.isEmpty {
      let (rank, other) = (leadingWords[left] ^ leadingFlip, leadingWords[right] ^ leadingFlip)
      if rank != other { return rank < other }
    }
    for index in keys.indices {
      let order = keys[index].order(left, right)
      if order != 0 { return order < 0 }
    }
    return false
  }
}

/// The first key, asked again and again how rows stand beside the same one: most rows are passed over by it alone.
private struct LeadingKey {
  private let key: SortKey
  private let type: TermType
  /// Empty where they do not decide.
  private let words: [UInt64]
  /// What was found for two texts: neighbours often have the same one.
  private var known: (words: (UInt64, UInt64), order: Int)?

  init(_ key: SortKey) {
    self.key = key
    type = key.column.type
    words = key.isDecidedByWords ? key.column.words : []
  }

  @inline(__always)
  mutating func order(_ row: Int, _ other: Int) -> Int {
    if words.isEmpty { return key.order(row, other) }
    let (word, otherWord) = (words[row], words[other])
    if word == otherWord { return 0 }
    if type != .text {
      let order = Cell.order(word, otherWord, type)
      return key.isDescending ? -order : order
    }
    if let known, known.words == (word, otherWord) { return known.order }
    let order = key.order(row, other)
    known = ((word, otherWord), order)
    return order
  }
}

extension FrameColumn {
  /// Of the texts of some rows the first eight bytes behind what all of them begin with, which decide most comparisons
  /// and spare them the way to the text; nil where some text is NULL.
  fileprivate func prefixes(of rows: some Collection<Int>) -> [UInt64]? {
    guard let first = rows.first else { return [] }
    if rows.contains(where: { words[$0] == 0 }) { return nil }
    let sample = pool.text(words[first])
    var common = sample.count
    var known: (word: UInt64, prefix: UInt64) = (words[first], 0)
    for row in rows where words[row] != known.word && common > 0 {
      known.word = words[row]
      common = pool.text(known.word).commonCount(with: sample, max: common)
    }
    return rows.map { words[$0] }.withUnsafeBufferPointer { words in
      FrameColumn.numbers(of: words, pool, from: common)
    }
  }

  /// Of texts the eight bytes from some place on, as numbers. Where texts are is looked up for some of them before any
  /// is read, so that they come into the cache side by side.
  private static func numbers(
    of words: UnsafeBufferPointer<UInt64>, _ pool: TextPool, from place: Int
  ) -> [UInt64] {
    let runCount = 64  // Little enough to stay in the nearest cache.
    return [UInt64](unsafeUninitializedCapacity: words.count) { numbers, count in
      withUnsafeTemporaryAllocation(of: SplitText.self, capacity: runCount) { texts in
        while count < words.count {
          let end = min(count + runCount, words.count)
          for row in count..<end { texts[row &- count] = pool.text(words[row]) }
          for row in count..<end { numbers[row] = texts[row &- count].number(from: place) }
          count = end
        }
      }
    }
  }
}

extension SplitText {
  /// How many bytes, `max` at the most, are those that another text begins with, which has so many.
  fileprivate func commonCount(with other: SplitText, max: Int) -> Int {
    let end = Swift.min(count, max)
    var index = 0
    while index < end, self[index] == other[index] { index &+= 1 }
    return index
  }

  /// Eight bytes as a number, the first of them highest; what a shorter text lacks is 0.
  fileprivate func number(from start: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in start..<start + 8 {
      number = number << 8 | (index < count ? UInt64(self[index]) : 0)
    }
    return number
  }
}
