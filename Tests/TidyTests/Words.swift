// The identifiers of a line with what stands around them: enough grammar for rules of style.

struct Word {
  let text: Substring
  /// The nearest characters around the word; a space at the line's ends.
  let before: Character
  let after: Character
}

/// The identifiers, keywords and numbers of `line`, in order.
func words(of line: Substring) -> [Word] {
  var found: [Word] = []
  var start: Substring.Index?
  var index = line.startIndex
  while true {
    let isPart = index < line.endIndex && isIdentifierPart(line[index])
    if isPart, start == nil { start = index }
    if !isPart, let from = start {
      let before = from > line.startIndex ? line[line.index(before: from)] : " "
      let after = index < line.endIndex ? line[index] : " "
      found.append(Word(text: line[from..<index], before: before, after: after))
      start = nil
    }
    if index == line.endIndex { return found }
    index = line.index(after: index)
  }
}

func isIdentifierPart(_ character: Character) -> Bool {
  character.isLetter || character.isNumber || character == "_"
}
