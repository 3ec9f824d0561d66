// Where the codes of a text column point to. A code is never 0, which stands for NULL.
//
// SAFETY: the dictionary of a query's texts is written once, under the lock; whoever has a code of it has it from
// somebody who has seen that.

internal import Base
internal import Columnar
internal import Synchronization

enum TextPool: Sendable {
  /// Ordinal plus one.
  case dictionary(DictionaryPrefix)
  /// The shard's number above bit 32, below it the ordinal plus one.
  case recipients(Snapshot)
  case interned(InternedTexts)
  /// Of columns that hold no text.
  case none

  /// The text of a code other than 0.
  @inline(__always)
  func text(_ code: UInt64) -> SplitText {
    switch self {
    case .dictionary(let dictionary):
      return SplitText(dictionary[UInt32(truncatingIfNeeded: code) &- 1])
    case .recipients(let snapshot):
      return snapshot.shards[Int(code >> 32)].recipients[UInt32(truncatingIfNeeded: code) &- 1]
    case .interned(let texts): return SplitText(texts.text(code))
    case .none: preconditionFailure("a column without texts")
    }
  }

  /// Calls `body` with the bytes of a code other than 0, which are valid meanwhile.
  @inline(__always)
  func withText<Result>(_ code: UInt64, _ body: (ByteSlice) -> Result) -> Result {
    text(code).withBytes(body)
  }

  /// Whether equal texts have equal codes in both.
  func isSame(as other: TextPool) -> Bool {
    switch (self, other) {
    case (.dictionary(let left), .dictionary(let right)): left.dictionary === right.dictionary
    case (.recipients, .recipients): true
    case (.interned(let left), .interned(let right)): left === right
    default: false
    }
  }

  /// One more than the largest code, where codes are dense.
  var codeCount: Int? {
    if case .dictionary(let dictionary) = self { return dictionary.count + 1 }
    return nil
  }
}

/// Texts that a query made, with codes that all its threads share.
final class InternedTexts: @unchecked Sendable {
  /// Nil while there is no text: most queries make none, and address space costs calls of the system.
  private let dictionary: UnsafeMutablePointer<Unmanaged<ByteDictionary>?>
  private let writing = Mutex(())
  private let control: QueryControl
  private let countMax: Int

  private static let byteCountMax = 2 << 30

  /// - Parameters:
  ///   - countMax: texts there is room for.
  ///   - control: is told when there is no room for more.
  init(countMax: Int, _ control: QueryControl) {
    dictionary = .allocate(capacity: 1)
    dictionary.initialize(to: nil)
    self.countMax = countMax
    self.control = control
  }

  deinit {
    dictionary.pointee?.release()
    dictionary.deallocate()
  }

  /// The code of a text; 0, and the query fails, when there is no room for more.
  func code(_ text: ByteSlice) -> UInt64 {
    if let ordinal = writing.withLock({ _ in intern(text) }) { return UInt64(ordinal) + 1 }
    control.fail(.tooManyTexts(countMax))
    return 0
  }

  func code(_ text: [UInt8]) -> UInt64 {
    text.withUnsafeBufferPointer { code(ByteSlice($0)) }
  }

  /// The text of a code; an empty one of 0, which threads of a query that fails may still have before them.
  func text(_ code: UInt64) -> ByteSlice {
    guard code != 0, let dictionary = dictionary.pointee else { return .empty }
    // Counting references would be most of the work.
    return dictionary._withUnsafeGuaranteedRef { $0.slice(at: Int(code) - 1) }
  }

  private func intern(_ text: ByteSlice) -> UInt32? {
    if let known = dictionary.pointee { return known._withUnsafeGuaranteedRef { $0.intern(text) } }
    let made = ByteDictionary(countMax: countMax, byteCountMax: InternedTexts.byteCountMax)
    dictionary.pointee = Unmanaged.passRetained(made)
    return made.intern(text)
  }
}
