// One broken rule at one place, printed the way compilers print theirs.

struct Finding: Equatable, CustomStringConvertible {
  let path: String
  /// Counted from one.
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}
