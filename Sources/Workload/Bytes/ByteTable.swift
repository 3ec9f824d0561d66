// An immutable list of byte strings, packed into one array: the names and user agents that lines refer to by index.

internal import Base

struct ByteTable: Sendable {
  private let bytes: [UInt8]
  private let ends: [Int]

  init(_ texts: [String]) {
    var bytes: [UInt8] = []
    ends = texts.map { text in
      bytes.append(contentsOf: text.utf8)
      return bytes.count
    }
    self.bytes = bytes
  }

  var count: Int { ends.count }

  /// Calls `body` with the bytes of one string; they are valid inside the call only.
  func with<Result>(_ index: Int, _ body: (ByteSlice) -> Result) -> Result {
    let start = index == 0 ? 0 : ends[index - 1]
    let end = ends[index]
    return bytes.withUnsafeBufferPointer { body(ByteSlice($0).slice(from: start, to: end)) }
  }

  func text(_ index: Int) -> String { with(index) { $0.text } }
}

extension ByteBuilder {
  mutating func append(_ table: ByteTable, _ index: Int) {
    table.with(index) { append($0) }
  }
}
