// The texts behind codes, and how texts are ordered.

internal import Base
internal import Columnar

struct PlainNames {
  private let snapshot: Snapshot

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  func campaign(_ code: UInt32) -> String { text(.campaign, code) }

  func send(_ code: UInt32) -> String { text(.send, code) }

  func link(_ code: Int) -> String { text(.link, UInt32(code)) }

  private func text(_ dictionary: SharedDictionary, _ code: UInt32) -> String {
    code == 0 ? "\\N" : snapshot[dictionary][code - 1].text
  }

  /// Byte by byte; NULL comes last.
  static func isOrdered(_ left: (String, String), _ right: (String, String)) -> Bool {
    if left.0 != right.0 { return left.0.utf8.lexicographicallyPrecedes(right.0.utf8) }
    if left.1 == "\\N" || right.1 == "\\N" { return right.1 == "\\N" && left.1 != "\\N" }
    return left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
  }
}
