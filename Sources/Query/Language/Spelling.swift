// Guesses what somebody meant to write, and quotes what they did write.

internal import Base

package enum Spelling {
  /// The element of `names` that is close enough to `name` to be what was meant, or nil.
  ///
  /// Close enough is one edit per three characters (insert, delete, replace, swap neighbours). What
  /// stands behind a dot counts, too, where no whole name is close (`school`, or `schol`, for
  /// `recipient.school`). Ties go to the earlier name.
  /// - Complexity: O(n · m) per name.
  package static func suggestion(for name: String, in names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8)
    guard !wanted.isEmpty, wanted.count <= LanguageLimits.suggestionByteCountMax else { return nil }
    var (whole, part): (Candidate?, Candidate?)
    for name in names {
      let bytes = Array(name.lowercased().utf8)
      if let distance = distance(wanted, bytes[...]), distance < whole?.distance ?? .max {
        whole = Candidate(name: name, distance: distance)
      }
      guard let dot = bytes.lastIndex(of: ASCII.dot),
        let distance = distance(wanted, bytes[(dot + 1)...])
      else { continue }
      if distance == 0 { return name }
      if distance < part?.distance ?? .max { part = Candidate(name: name, distance: distance) }
    }
    return (whole ?? part)?.name
  }

  private struct Candidate {
    let name: String
    let distance: Int
  }

  /// The edits between what was written and what may have been meant, if they are few enough.
  private static func distance(_ wanted: [UInt8], _ candidate: ArraySlice<UInt8>) -> Int? {
    let limit = max(1, wanted.count / 3)
    guard abs(candidate.count - wanted.count) <= limit else { return nil }
    let distance = editDistance(wanted, Array(candidate))
    return distance <= limit ? distance : nil
  }

  /// Inserted, deleted, replaced and swapped bytes between two words, each byte edited once at
  /// most.
  package static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for (i, byte) in left.enumerated() {
      var current = [i + 1]
      for (j, other) in right.enumerated() {
        var cost = min(last[j] + (byte == other ? 0 : 1), last[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, byte == right[j - 1], left[i - 1] == other {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }

  /// `text` in single quotes, cut after 40 characters.
  package static func quote(_ text: String) -> String {
    let limit = 40
    guard text.unicodeScalars.count > limit else { return "'\(text)'" }
    return "'\(String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))))…'"
  }
}
