// Guesses what somebody meant to write, and quotes what they did write.

package enum Spelling {
  /// The element of `names` that is close enough to `name` to be what was meant, or nil.
  ///
  /// Close enough is one edit per three characters (insert, delete, replace, swap neighbours), or
  /// the same word behind a dot (`school` for `recipient.school`). Ties go to the earlier name.
  /// - Complexity: O(n · m) per name.
  package static func suggestion(for name: String, in names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8)
    guard !wanted.isEmpty, wanted.count <= LanguageLimits.suggestionByteCountMax else { return nil }
    let limit = max(1, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in names {
      let bytes = Array(candidate.lowercased().utf8)
      if bytes.count > wanted.count, Array(bytes.suffix(wanted.count + 1)) == [0x2E] + wanted {
        return candidate
      }
      guard abs(bytes.count - wanted.count) <= limit else { continue }
      let distance = editDistance(wanted, bytes)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
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
