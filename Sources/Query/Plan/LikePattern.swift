// LIKE: `%` is any run of bytes, `_` is one character, `\` takes the next one literally.

internal import Base

struct LikePattern: Hashable, Sendable {
  private enum Part: Hashable {
    case byte(UInt8)
    case anyCharacter
    case anyRun
  }

  private let parts: [Part]
  private let ignoresCase: Bool

  /// - Parameter ignoresCase: ILIKE; ASCII letters only.
  init(_ pattern: [UInt8], ignoresCase: Bool) {
    self.ignoresCase = ignoresCase
    var parts: [Part] = []
    var index = 0
    while index < pattern.count {
      let byte = pattern[index]
      switch byte {
      case ASCII.percent: if parts.last != .anyRun { parts.append(.anyRun) }
      case ASCII.underscore: parts.append(.anyCharacter)
      case ASCII.backslash where index + 1 < pattern.count:
        index += 1
        parts.append(.byte(LikePattern.fold(pattern[index], ignoresCase)))
      default: parts.append(.byte(LikePattern.fold(byte, ignoresCase)))
      }
      index += 1
    }
    self.parts = parts
  }

  /// Whether the whole of `text` matches. Backtracks to the last `%` only, so time is at most the product of lengths.
  func matches(_ text: ByteSlice) -> Bool {
    var (position, part) = (0, 0)
    var resume: (position: Int, part: Int)?
    while position < text.count {
      if part < parts.count, parts[part] == .anyRun {
        resume = (position, part + 1)
        part += 1
      } else if part < parts.count, let step = step(text, position, parts[part]) {
        position += step
        part += 1
      } else if let last = resume {
        // By whole characters, so that no `_` begins inside of one.
        position = last.position + characterByteCount(text, last.position)
        resume = (position, last.part)
        part = last.part
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { $0 == .anyRun }
  }

  func matches(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { matches(ByteSlice($0)) }
  }

  /// How many bytes of `text` at `position` the part takes, or nil.
  private func step(_ text: ByteSlice, _ position: Int, _ part: Part) -> Int? {
    switch part {
    case .byte(let wanted): LikePattern.fold(text[position], ignoresCase) == wanted ? 1 : nil
    case .anyCharacter: characterByteCount(text, position)
    case .anyRun: nil
    }
  }

  /// The bytes of the UTF-8 character, or of what is none, at `position`.
  private func characterByteCount(_ text: ByteSlice, _ position: Int) -> Int {
    UTF8Scan.step(in: text, at: position).byteCount
  }

  private static func fold(_ byte: UInt8, _ ignoresCase: Bool) -> UInt8 {
    ignoresCase ? ASCII.lowercase(byte) : byte
  }
}
