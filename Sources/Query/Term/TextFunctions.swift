// Functions of texts by characters: a character is a UTF-8 sequence, or a stretch of bytes that is none.

internal import Base

enum TextFunctions {
  static func length(_ text: ByteSlice) -> Int { starts(text).count }

  /// Without the spaces on both sides.
  static func trim(_ text: ByteSlice) -> [UInt8] {
    let bytes = text.array[...]
    let start = bytes.firstIndex { $0 != ASCII.space } ?? bytes.endIndex
    let end = bytes.lastIndex { $0 != ASCII.space }.map { $0 + 1 } ?? start
    return Array(bytes[start..<max(start, end)])
  }

  /// The first characters; a negative count leaves out so many at the end.
  static func left(_ text: ByteSlice, _ count: Int64) -> [UInt8] {
    let starts = starts(text)
    let kept = count >= 0 ? count : Int64(starts.count) + max(count, -Int64(starts.count))
    return characters(text, starts, from: 0, to: kept)
  }

  /// The last characters; a negative count leaves out so many at the beginning.
  static func right(_ text: ByteSlice, _ count: Int64) -> [UInt8] {
    let starts = starts(text)
    let skipped = count >= 0 ? Int64(starts.count) - min(count, Int64(starts.count)) : 0 &- count
    return characters(text, starts, from: skipped, to: Int64(starts.count))
  }

  /// From the character `from` on, counted from 1; positions before the text count, too, as in PostgreSQL.
  static func substring(_ text: ByteSlice, from: Int64, count: Int64?) -> [UInt8] {
    let starts = starts(text)
    let start = from == .min ? from : from - 1
    let end = count.map { start.addingReportingOverflow(max(0, $0)) }
    let limit = end.map { $0.overflow ? .max : $0.partialValue } ?? .max
    return characters(text, starts, from: start, to: limit)
  }

  /// The part numbered `number`, from 1, or from the end if it is negative; empty when there is none.
  static func splitPart(_ text: ByteSlice, _ separator: ByteSlice, _ number: Int64) -> [UInt8] {
    let parts = split(text.array, separator.array)
    let index = number > 0 ? number - 1 : Int64(parts.count) + max(number, -Int64(parts.count) - 1)
    guard number != 0, index >= 0, index < parts.count else { return [] }
    return Array(parts[Int(index)])
  }

  private static func split(_ text: [UInt8], _ separator: [UInt8]) -> [ArraySlice<UInt8>] {
    guard !separator.isEmpty else { return [text[...]] }
    var parts: [ArraySlice<UInt8>] = []
    var (start, index) = (0, 0)
    while index + separator.count <= text.count {
      if text[index..<index + separator.count].elementsEqual(separator) {
        parts.append(text[start..<index])
        index += separator.count
        start = index
      } else {
        index += 1
      }
    }
    return parts + [text[start...]]
  }

  /// Where each character begins.
  private static func starts(_ text: ByteSlice) -> [Int] {
    var starts: [Int] = []
    var index = 0
    while index < text.count {
      starts.append(index)
      index += UTF8Scan.step(in: text, at: index).byteCount
    }
    return starts
  }

  private static func characters(
    _ text: ByteSlice, _ starts: [Int], from: Int64, to: Int64
  ) -> [UInt8] {
    let low = Int(max(0, min(from, Int64(starts.count))))
    let high = Int(max(Int64(low), min(to, Int64(starts.count))))
    guard low < high else { return [] }
    let end = high < starts.count ? starts[high] : text.count
    return text.slice(from: starts[low], to: end).array
  }
}
